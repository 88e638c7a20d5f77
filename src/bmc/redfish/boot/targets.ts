import type { BootDevice } from '../../port.ts';
import type { Vendor } from '../vendor/vendor.ts';

/** `BootSourceOverrideTarget`s for each device, best first (DSP2046 ComputerSystem, Boot). `safe` is IPMI's alone. */
const usual: Readonly<Record<BootDevice, readonly string[]>> = {
  pxe: ['Pxe', 'UefiHttp'],
  disk: ['Hdd'],
  cdrom: ['Cd', 'UsbCd'],
  bios: ['BiosSetup'],
  safe: [],
};

/** What a target is to us, upper and lower case the same. */
const devices: ReadonlyMap<string, BootDevice> = new Map(
  (Object.keys(usual) as BootDevice[]).flatMap((device) =>
    usual[device].map((target): [string, BootDevice] => [target.toLowerCase(), device]),
  ),
);

/**
 * The target to write for `device`.
 * @param allowed what the BMC says it takes; `undefined` when it does not say
 */
export function chooseBootTarget(
  device: BootDevice,
  efiBoot: boolean,
  allowed: readonly string[] | undefined,
  vendor: Vendor,
): string | undefined {
  const order = [...(vendor.bootTargets[device] ?? []), ...usual[device]];
  const usable = order.filter((target) => efiBoot || target !== 'UefiHttp');
  // A vendor's own name is only for boards that offer it.
  if (allowed === undefined) return usual[device].find((target) => usable.includes(target));
  return usable.find((target) => allowed.includes(target));
}

export function deviceOfTarget(target: string): BootDevice | undefined {
  return devices.get(target.toLowerCase());
}
