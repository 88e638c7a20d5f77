import { canonicalIp } from '../meta/ip-address.ts';
import type { Hardware } from './v1alpha1/hardware.ts';
import type { HardwareInterface } from './v1alpha1/hardware-interface.ts';

/** `dhcp.ip.address` in its one form; undefined when there is none that is one. */
export function ipOf({ dhcp }: HardwareInterface): string | undefined {
  return canonicalIp(dhcp?.ip?.address ?? '');
}

/** What `addressOf` finds at the interfaces of `hardware`, each once: the ports of a bond share their address. */
export function addressesOf(
  { spec }: Hardware,
  addressOf: (one: HardwareInterface) => string | undefined,
): readonly string[] {
  const addresses = new Set<string>();
  for (const one of spec?.interfaces ?? []) {
    const address = addressOf(one);
    if (address !== undefined) addresses.add(address);
  }
  return [...addresses];
}

export const ipIndex = 'hardware.ip';

/** One object for all services: a cache then keeps one index for them. */
export const ipIndexes = { [ipIndex]: (hardware: Hardware): readonly string[] => addressesOf(hardware, ipOf) };
