import type { Action } from '../../../api/bmc/v1alpha1/action.ts';
import { CaptError } from '../../../api/errors/capt-error.ts';
import type { BootDevice } from '../../port.ts';
import type { BmcSettings } from '../settings.ts';
import { bootOperation } from './boot-operation.ts';
import { mediaOperation } from './media-operation.ts';
import type { Operation } from './operation.ts';
import { powerOperation, readPowerOperation } from './power-operation.ts';

const bootDevices: readonly BootDevice[] = ['pxe', 'disk', 'cdrom', 'bios', 'safe'];

/**
 * What an Action asks for.
 * @throws CaptError BMC_ACTION_INVALID
 */
export function operationOf(action: Action | undefined, settings: BmcSettings): Operation {
  const { powerAction, oneTimeBootDeviceAction: oneTime, bootDevice, virtualMediaAction: media } = action ?? {};
  if (powerAction === 'status') return readPowerOperation();
  if (powerAction !== undefined) return powerOperation(powerAction, settings);
  if (oneTime !== undefined) {
    const device = deviceOf(oneTime.device[0], 'oneTimeBootDeviceAction.device is an empty list');
    return bootOperation({ device, persistent: false, efiBoot: oneTime.efiBoot ?? false }, settings);
  }
  if (bootDevice !== undefined) {
    const { persistent = false, efiBoot = false } = bootDevice;
    return bootOperation(
      { device: deviceOf(bootDevice.device, 'bootDevice.device is missing'), persistent, efiBoot },
      settings,
    );
  }
  if (media === undefined) throw invalid('it names nothing to do');
  if (media.kind === '') throw invalid('virtualMediaAction.kind is empty');
  return mediaOperation({ kind: media.kind, ...(media.mediaURL ? { url: media.mediaURL } : {}) }, settings);
}

function deviceOf(name: string | undefined, missing: string): BootDevice {
  if (!name) throw invalid(missing);
  const device = bootDevices.find((known) => known === name.toLowerCase());
  if (device === undefined) throw invalid(`boot device "${name}" is not one of ${bootDevices.join(', ')}`);
  return device;
}

function invalid(problem: string): CaptError {
  return new CaptError('BMC_ACTION_INVALID', { problem });
}
