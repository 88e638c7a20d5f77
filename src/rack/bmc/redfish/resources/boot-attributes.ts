import type { BootDevice } from '../../../../bmc/port.ts';
import { type JsonObject, resource } from '../json.ts';
import type { VirtualSystem } from '../machine.ts';
import type { Change, Tree } from '../node.ts';
import type { VirtualRedfishBmcSettings } from '../options.ts';
import { refuse } from '../refusal.ts';

const devices: Readonly<Record<string, BootDevice | undefined>> = {
  Normal: undefined,
  PXE: 'pxe',
  HDD: 'disk',
  'VCD-DVD': 'cdrom',
  BIOS: 'bios',
};
const deviceName = 'ServerBoot.1.FirstBootDevice';
const onceName = 'ServerBoot.1.BootOnce';

export function bootAttributesPath(managerPath: string): string {
  return `${managerPath}/Oem/Dell/DellAttributes/${managerPath.split('/').at(-1)}`;
}

/** The attributes of an iDRAC that choose the boot device. */
export function addBootAttributes(
  tree: Tree,
  system: VirtualSystem,
  managerPath: string,
  settings: VirtualRedfishBmcSettings,
): void {
  const path = bootAttributesPath(managerPath);
  tree.set(path, { get: () => describe(path, system), patch: (body) => change(system, settings, body) });
}

function describe(path: string, { chassis }: VirtualSystem): JsonObject {
  const { active, device, persistent } = chassis.bootOverride();
  const name = Object.keys(devices).find((own) => active && devices[own] === device) ?? 'Normal';
  return resource(path, 'DellAttributes.v1_0_0.DellAttributes', 'iDRAC.Embedded.1', 'OEMAttributeRegistry', {
    Attributes: { [deviceName]: name, [onceName]: active && persistent ? 'Disabled' : 'Enabled' },
  });
}

function change({ boot }: VirtualSystem, { faults }: VirtualRedfishBmcSettings, body: JsonObject): Change {
  const attributes = body['Attributes'] as JsonObject | undefined;
  const device = attributes?.[deviceName];
  if (typeof device !== 'string' || !Object.hasOwn(devices, device)) throw refuse.value(deviceName, device);
  const prepared = boot.prepareDevice(devices[device], attributes?.[onceName] === 'Disabled');
  return { apply: faults.silentSuccess ? () => undefined : prepared, status: 200 };
}
