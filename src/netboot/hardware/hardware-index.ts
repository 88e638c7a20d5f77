import { canonicalIp } from '../../api/meta/ip-address.ts';
import { addressesOf, ipIndex, ipIndexes, ipOf } from '../../api/tinkerbell/hardware-address.ts';
import type { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import type { HardwareInterface } from '../../api/tinkerbell/v1alpha1/hardware-interface.ts';
import type { Cache } from '../../kube/cache/cache.ts';
import { keyOf } from '../../kube/client/path.ts';
import { canonicalMac } from './mac-address.ts';

const macIndex = 'netboot.mac';

/** Whose interface an address is. */
export type HardwareLookup =
  | {
      readonly outcome: 'found';
      readonly hardware: Hardware;
      readonly interface: HardwareInterface;
      /** Position of the interface in `spec.interfaces`. */
      readonly position: number;
    }
  | { readonly outcome: 'unknown' }
  /** Several Hardware claim the address. None may be served: nobody can tell whose machine it is. */
  | { readonly outcome: 'ambiguous'; readonly hardware: readonly Hardware[] };

/** What the index needs of a cache of Hardware. */
export type HardwareCache = Pick<Cache<Hardware>, 'byIndex' | 'addIndexes'>;

/**
 * Finds machines by the addresses of their interfaces, in all namespaces the cache has.
 *
 * Two Hardware with one address are both refused: first come, first served would let whoever can create a Hardware in
 * any namespace take over a machine of somebody else. One Hardware may name an address twice (the ports of a bond share
 * their IP); the first interface then counts.
 */
export class HardwareIndex {
  readonly #cache: HardwareCache;

  constructor(cache: HardwareCache) {
    cache.addIndexes(hardwareIndexes);
    this.#cache = cache;
  }

  /** Spellings as `canonicalMac` takes them. */
  byMac(mac: string): HardwareLookup {
    const canonical = canonicalMac(mac);
    if (canonical === undefined) return unknown;
    return this.#find(macIndex, canonical, macOf);
  }

  /** By `interfaces[].dhcp.ip.address`, IPv4 or IPv6. */
  byIp(address: string): HardwareLookup {
    const canonical = canonicalIp(address);
    if (canonical === undefined) return unknown;
    return this.#find(ipIndex, canonical, ipOf);
  }

  #find(index: string, value: string, addressOf: (one: HardwareInterface) => string | undefined): HardwareLookup {
    const found = this.#cache.byIndex(index, value);
    const [hardware] = found;
    if (hardware === undefined) return unknown;
    if (found.length > 1) return { outcome: 'ambiguous', hardware: found };
    const interfaces = hardware.spec?.interfaces ?? [];
    const position = interfaces.findIndex((one) => addressOf(one) === value);
    const one = interfaces[position];
    return one === undefined ? unknown : { outcome: 'found', hardware, interface: one, position };
  }
}

/** For `manager.cache(Hardware, { indexes: hardwareIndexes })`; the constructor of `HardwareIndex` adds them as well. */
export const hardwareIndexes = {
  [macIndex]: (hardware: Hardware) => addressesOf(hardware, macOf),
  ...ipIndexes,
};

/** What to tell people about an address that several Hardware claim. */
export function describeAmbiguity(address: string, hardware: readonly Hardware[]): string {
  const names = hardware.map(({ metadata }) => keyOf(metadata)).sort();
  return `${address} is in Hardware ${names.join(' and ')}: none of them is served until only one has it`;
}

function macOf({ dhcp }: HardwareInterface): string | undefined {
  return canonicalMac(dhcp?.mac ?? '');
}

const unknown = { outcome: 'unknown' } as const;
