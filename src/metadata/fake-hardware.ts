import type { Hardware } from '../api/tinkerbell/v1alpha1/hardware.ts';
import { Store } from '../kube/cache/store.ts';
import type { HardwareCache } from './lookup/hardware-lookup.ts';

/** A machine with one address. For tests. */
export function fakeHardware(name: string, address: string, spec: Hardware['spec'] = {}, namespace = 'rack'): Hardware {
  const dhcp = { mac: '02:00:5e:00:53:01', hostname: name, ip: { address, netmask: '255.255.255.0' } };
  return {
    apiVersion: 'tinkerbell.org/v1alpha1',
    kind: 'Hardware',
    metadata: { name, namespace, uid: `uid-${namespace}-${name}`, resourceVersion: '1' },
    spec: { interfaces: [{ dhcp }], userData: `secret of ${name}`, ...spec },
  };
}

/** Hardware in memory, with the real indexes over them. For tests. */
export class FakeHardwareCache implements HardwareCache {
  readonly #store = new Store<Hardware>();
  #version = 1;
  hasSynced = true;

  constructor(...hardware: Hardware[]) {
    for (const one of hardware) this.put(one);
  }

  /** Adds a Hardware, or replaces the one of that name. */
  put(hardware: Hardware): void {
    const metadata = { ...hardware.metadata, resourceVersion: String(++this.#version) };
    this.#store.apply({ type: 'MODIFIED', object: { ...hardware, metadata } });
  }

  delete(hardware: Hardware): void {
    const metadata = { ...hardware.metadata, resourceVersion: String(++this.#version) };
    this.#store.apply({ type: 'DELETED', object: { ...hardware, metadata } });
  }

  byIndex: HardwareCache['byIndex'] = (index, value) => this.#store.byIndex(index, value);
  addIndexes: HardwareCache['addIndexes'] = (indexes) => this.#store.addIndexes(indexes);
}
