import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { FakeHardwareCache, fakeHardware } from '../fake-hardware.ts';
import { HardwareLookup } from './hardware-lookup.ts';

const one = fakeHardware('one', '192.0.2.1', { metadata: { instance: { id: 'a' } } });
const two = fakeHardware('two', '2001:DB8::0002', { metadata: { instance: { id: ' ' } } });

function lookupIn(cache: FakeHardwareCache) {
  const lookup = new HardwareLookup(cache);
  const shown = (found: ReturnType<HardwareLookup['byAddress']>) =>
    found.outcome === 'found' ? (found.hardware.metadata.name ?? '') : found.outcome;
  return {
    byAddress: (address: string) => shown(lookup.byAddress(address)),
    byInstanceId: (id: string) => shown(lookup.byInstanceId(id)),
  };
}

describe('HardwareLookup', () => {
  it('finds a machine by its address in any spelling, and by the id of its instance', () => {
    const { byAddress, byInstanceId } = lookupIn(new FakeHardwareCache(one, two));
    assert.deepEqual(['192.0.2.1', '::ffff:192.0.2.1', '2001:db8::2', '2001:db8::2%eth0', '192.0.2.3'].map(byAddress), [
      'one',
      'one',
      'two',
      'two',
      'unknown',
    ]);
    assert.deepEqual(['a', 'A'].map(byInstanceId), ['one', 'unknown']);
  });

  it('9.2 M an empty value is no filter: it finds nothing, even when there is exactly one machine', () => {
    for (const spec of [{}, { interfaces: [{ dhcp: { ip: { address: '' } } }, {}] }]) {
      const nameless = fakeHardware('one', '', { metadata: { instance: { id: '' } }, ...spec });
      const { byAddress, byInstanceId } = lookupIn(new FakeHardwareCache(nameless));
      assert.deepEqual(['', ' ', '0', 'undefined'].map(byAddress), Array(4).fill('unknown'));
      assert.deepEqual(['', ' ', 'undefined'].map(byInstanceId), Array(3).fill('unknown'));
    }
  });

  it('refuses both of two machines with one address, in whatever namespaces, until one has it alone', () => {
    const cache = new FakeHardwareCache(one, two);
    const { byAddress, byInstanceId } = lookupIn(cache);
    const other = fakeHardware('other', '192.0.2.1', one.spec, 'tenant');
    cache.put(other);
    assert.deepEqual([byAddress('192.0.2.1'), byInstanceId('a')], ['shared', 'shared']);
    cache.delete(other);
    assert.deepEqual([byAddress('192.0.2.1'), byInstanceId('a')], ['one', 'one']);
  });

  it('knows nothing before the first list', () => {
    const cache = new FakeHardwareCache(one);
    cache.hasSynced = false;
    assert.equal(lookupIn(cache).byAddress('192.0.2.1'), 'unsynced');
  });

  it('follows changes', () => {
    const cache = new FakeHardwareCache(one);
    const { byAddress } = lookupIn(cache);
    cache.put(fakeHardware('one', '192.0.2.5'));
    assert.deepEqual(['192.0.2.1', '192.0.2.5'].map(byAddress), ['unknown', 'one']);
  });
});
