import type { TinkerbellMachine } from '../../api/infrastructure/v1beta1/tinkerbell-machine.ts';
import type { WorkflowBootOptions } from '../../api/tinkerbell/v1alpha1/boot-options.ts';
import type { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';

/**
 * How the host of a machine gets into the installer. `allowPXE` is always toggled; a boot mode needs a BMC, without one
 * somebody else switches the host on. Netboot is what a BMC is used for when the machine does not say.
 */
export function bootOptionsFor(
  { spec }: TinkerbellMachine,
  hardware: Hardware,
): { bootOptions: WorkflowBootOptions } | { problem: string } {
  const toggled: WorkflowBootOptions = { toggleAllowNetboot: true };
  if (hardware.spec?.bmcRef === undefined) return { bootOptions: toggled };
  const { bootMode = 'netboot', isoURL, custombootConfig } = spec?.bootOptions ?? {};
  const isIso = bootMode === 'iso' || bootMode === 'isoboot';
  if (isIso && !isoURL) return { problem: `spec.bootOptions.isoURL is missing, which boot mode ${bootMode} needs` };
  return {
    bootOptions: {
      ...toggled,
      bootMode,
      ...(isIso && isoURL
        ? { isoURL: isoUrlFor(isoURL, hardware.spec.interfaces?.[0]?.dhcp?.mac ?? instanceId(hardware)) }
        : {}),
      ...(custombootConfig === undefined ? {} : { custombootConfig }),
    },
  };
}

/** What templates know as `device_1`: the instance's ID, by custom the hardware address of the first interface. */
export function instanceId({ spec }: Hardware): string {
  return spec?.metadata?.instance?.id || spec?.interfaces?.[0]?.dhcp?.mac || '';
}

/** The ISO server finds the machine by a path element with its hardware address, written with dashes, before the file. */
function isoUrlFor(isoURL: string, id: string): string {
  const url = new URL(isoURL);
  const segments = url.pathname.split('/');
  segments.splice(-1, 0, id.replaceAll(':', '-'));
  url.pathname = segments.join('/');
  return url.href;
}
