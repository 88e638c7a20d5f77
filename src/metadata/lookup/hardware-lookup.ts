import { canonicalIp } from '../../api/meta/ip-address.ts';
import { addressesOf, ipIndex, ipIndexes, ipOf } from '../../api/tinkerbell/hardware-address.ts';
import type { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import type { Cache } from '../../kube/cache/cache.ts';

const instanceIndex = 'metadata.instance-id';

/** What the look-up needs of a cache of Hardware. */
export type HardwareCache = Pick<Cache<Hardware>, 'byIndex' | 'addIndexes' | 'hasSynced'>;

export type Lookup =
  | { readonly outcome: 'found'; readonly hardware: Hardware }
  | { readonly outcome: 'unknown' }
  /** Several Hardware have the key. None is served: nobody can tell whose machine asks. */
  | { readonly outcome: 'shared'; readonly hardware: readonly Hardware[] }
  /** The first list is not in: what is there is not known yet. */
  | { readonly outcome: 'unsynced' };

/** Finds machines by the addresses of their interfaces, and by the identity of their instance. */
export class HardwareLookup {
  readonly #cache: HardwareCache;

  constructor(cache: HardwareCache) {
    cache.addIndexes(indexes);
    this.#cache = cache;
  }

  /** By `interfaces[].dhcp.ip.address`. An address that is none, '' included, finds nothing. */
  byAddress(address: string): Lookup {
    return this.#find(ipIndex, canonicalIp(address));
  }

  /** By `metadata.instance.id`, to the letter. */
  byInstanceId(id: string): Lookup {
    return this.#find(instanceIndex, id.trim() === '' ? undefined : id);
  }

  #find(index: string, value: string | undefined): Lookup {
    if (!this.#cache.hasSynced) return unsynced;
    if (value === undefined) return unknown;
    const found = this.#cache.byIndex(index, value);
    const [hardware] = found;
    if (hardware === undefined) return unknown;
    return found.length === 1 ? { outcome: 'found', hardware } : { outcome: 'shared', hardware: found };
  }
}

/** True when one of the interfaces of `hardware` has this address. */
export function hasAddress(hardware: Hardware, address: string): boolean {
  return addressesOf(hardware, ipOf).includes(address);
}

function instanceIdsOf({ spec }: Hardware): string[] {
  const id = spec?.metadata?.instance?.id;
  return id === undefined || id.trim() === '' ? [] : [id];
}

/** One object for all: a cache refuses another function under the name of an index it has. */
const indexes = { ...ipIndexes, [instanceIndex]: instanceIdsOf };

const unknown = { outcome: 'unknown' } as const;
const unsynced = { outcome: 'unsynced' } as const;
