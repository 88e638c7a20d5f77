import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { FakeHardwareCache, fakeHardware } from './fake-hardware.ts';
import { describeAmbiguity, type HardwareLookup } from './hardware-index.ts';

const bond = fakeHardware({
  name: 'bonded',
  spec: {
    interfaces: [
      { dhcp: { mac: '02:00:5e:00:53:02', ip: { address: '192.0.2.12', netmask: '255.255.255.0' } } },
      { dhcp: { mac: '02:00:5e:00:53:03', ip: { address: '192.0.2.12', netmask: '255.255.255.0' } } },
      { dhcp: { mac: '02:00:5E:00:53:04', ip: { address: '2001:DB8::0004' } } },
      {},
    ],
  },
});

/** `namespace/name` of what was found and the position of the interface, or the outcome. */
function shown(lookup: HardwareLookup): string {
  if (lookup.outcome !== 'found') return lookup.outcome;
  const { namespace, name } = lookup.hardware.metadata;
  return `${namespace}/${name} ${lookup.position}`;
}

describe('HardwareIndex', () => {
  it('finds an interface by its MAC address, however either side spells it', () => {
    const { index } = new FakeHardwareCache(fakeHardware(), bond);
    assert.equal(shown(index.byMac('02:00:5e:00:53:01')), 'default/node-1 0');
    assert.equal(shown(index.byMac('02-00-5E-00-53-03')), 'default/bonded 1');
    assert.equal(shown(index.byMac('02005e005304')), 'default/bonded 2');
  });

  it('finds an interface by its IP address, the first one when the ports of a bond share it', () => {
    const { index } = new FakeHardwareCache(fakeHardware(), bond);
    assert.equal(shown(index.byIp('192.0.2.11')), 'default/node-1 0');
    assert.equal(shown(index.byIp('::ffff:192.0.2.12')), 'default/bonded 0');
    assert.equal(shown(index.byIp('2001:db8:0::4')), 'default/bonded 2');
  });

  it('does not find what is not there, or no address at all', () => {
    const { index } = new FakeHardwareCache(bond);
    for (const address of ['', '02:00:5e:00:53:01', '192.0.2.11', 'undefined', '0.0.0.0']) {
      assert.equal(shown(index.byMac(address)), 'unknown');
      assert.equal(shown(index.byIp(address)), 'unknown');
    }
  });

  it('follows changes', () => {
    const cache = new FakeHardwareCache(fakeHardware());
    cache.put(fakeHardware({ dhcp: { mac: '02:00:5e:00:53:99' } }));
    assert.equal(shown(cache.index.byMac('02:00:5e:00:53:01')), 'unknown');
    assert.equal(shown(cache.index.byMac('02:00:5e:00:53:99')), 'default/node-1 0');
    cache.delete(fakeHardware());
    assert.equal(shown(cache.index.byMac('02:00:5e:00:53:99')), 'unknown');
  });

  it('9.1 M: the same MAC or IP address in two Hardware serves neither and names both', () => {
    const cache = new FakeHardwareCache(
      fakeHardware(),
      fakeHardware({ namespace: 'tenant', dhcp: { mac: '02:00:5E:00:53:01' } }),
    );
    const lookup = cache.index.byMac('02:00:5e:00:53:01');
    assert.ok(lookup.outcome === 'ambiguous');
    assert.equal(shown(cache.index.byIp('192.0.2.11')), 'ambiguous');
    assert.equal(
      describeAmbiguity('02:00:5e:00:53:01', lookup.hardware),
      '02:00:5e:00:53:01 is in Hardware default/node-1 and tenant/node-1: none of them is served until only one has it',
    );
    cache.delete(fakeHardware({ namespace: 'tenant' }));
    assert.equal(shown(cache.index.byMac('02:00:5e:00:53:01')), 'default/node-1 0');
  });
});
