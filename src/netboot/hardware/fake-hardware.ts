import type { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import type { HardwareInterface } from '../../api/tinkerbell/v1alpha1/hardware-interface.ts';
import { Store } from '../../kube/cache/store.ts';
import { type HardwareCache, HardwareIndex } from './hardware-index.ts';

export interface FakeHardwareOptions {
  name?: string;
  namespace?: string;
  spec?: Partial<NonNullable<Hardware['spec']>>;
  /** Merged over the defaults of the only interface. */
  dhcp?: HardwareInterface['dhcp'];
  netboot?: HardwareInterface['netboot'];
  interface?: Partial<HardwareInterface>;
}

/** A machine with one interface that may boot over the network: 02:00:5e:00:53:01, 192.0.2.11/24. For tests. */
export function fakeHardware(options: FakeHardwareOptions = {}): Hardware {
  const { name = 'node-1', namespace = 'default' } = options;
  const one: HardwareInterface = {
    dhcp: {
      mac: '02:00:5e:00:53:01',
      hostname: name,
      ip: { address: '192.0.2.11', netmask: '255.255.255.0', gateway: '192.0.2.1' },
      name_servers: ['192.0.2.2', '192.0.2.3'],
      lease_time: 3600,
      ...options.dhcp,
    },
    netboot: { allowPXE: true, ...options.netboot },
    ...options.interface,
  };
  return {
    apiVersion: 'tinkerbell.org/v1alpha1',
    kind: 'Hardware',
    metadata: { name, namespace, uid: `uid-${namespace}-${name}`, resourceVersion: '1' },
    spec: { interfaces: [one], ...options.spec },
  };
}

/** Hardware in memory, with the real indexes over them. For tests. */
export class FakeHardwareCache implements HardwareCache {
  readonly #store = new Store<Hardware>();
  readonly index: HardwareIndex;
  #version = 1;

  constructor(...hardware: Hardware[]) {
    this.index = new HardwareIndex(this);
    for (const one of hardware) this.put(one);
  }

  /** Adds a Hardware, or replaces the one of that name. */
  put(hardware: Hardware): Hardware {
    const object = { ...hardware, metadata: { ...hardware.metadata, resourceVersion: String(++this.#version) } };
    this.#store.apply({ type: 'MODIFIED', object });
    return object;
  }

  delete(hardware: Hardware): void {
    const metadata = { ...hardware.metadata, resourceVersion: String(++this.#version) };
    this.#store.apply({ type: 'DELETED', object: { ...hardware, metadata } });
  }

  byIndex: HardwareCache['byIndex'] = (index, value) => this.#store.byIndex(index, value);
  addIndexes: HardwareCache['addIndexes'] = (indexes) => this.#store.addIndexes(indexes);
}

/** What a service sees while something is wrong with the machines' data: every look-up throws. For tests. */
export class BrokenHardwareCache implements HardwareCache {
  byIndex(): never {
    throw new Error('the cache is broken by the fake');
  }

  addIndexes(): void {}
}
