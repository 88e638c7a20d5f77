import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { mostMachines, planRack } from './plan.ts';

const wishes = { name: 'rack', machines: 3, address: '172.31.42.1/24' };

describe('the plan of a rack', () => {
  it('gives every machine a name, addresses, a label and a BMC', () => {
    const { gateway, netmask, machines } = planRack(wishes);
    assert.deepEqual([gateway, netmask], ['172.31.42.1', '255.255.255.0']);
    assert.deepEqual(machines, [
      {
        name: 'rack-0',
        mac: '02:ca:ac:1f:2a:0b',
        address: '172.31.42.11',
        bmcAddress: '172.31.42.101',
        protocol: 'redfish',
        firmware: 'bios',
        labels: { type: 'cp' },
        memoryMib: 2048,
      },
      {
        name: 'rack-1',
        mac: '02:ca:ac:1f:2a:0c',
        address: '172.31.42.12',
        bmcAddress: '172.31.42.102',
        protocol: 'ipmi',
        firmware: 'bios',
        labels: { type: 'worker' },
        memoryMib: 1024,
      },
      {
        name: 'rack-2',
        mac: '02:ca:ac:1f:2a:0d',
        address: '172.31.42.13',
        bmcAddress: '172.31.42.103',
        protocol: 'redfish',
        firmware: 'bios',
        labels: { type: 'worker' },
        memoryMib: 1024,
      },
    ]);
  });

  it('has other sizes and kinds when asked', () => {
    const { machines } = planRack({ ...wishes, memoryMib: [4096], protocols: ['ipmi'], controlPlanes: 2 });
    assert.deepEqual(
      machines.map(({ memoryMib, protocol, labels }) => [memoryMib, protocol, labels['type']]),
      [
        [4096, 'ipmi', 'cp'],
        [4096, 'ipmi', 'cp'],
        [4096, 'ipmi', 'worker'],
      ],
    );
  });

  it('mixes firmware when asked', () => {
    const { machines } = planRack({ ...wishes, firmware: 'mixed' });
    assert.deepEqual(
      machines.map(({ firmware }) => firmware),
      ['bios', 'uefi', 'bios'],
    );
  });

  it('gives no address twice, in networks of all sizes', () => {
    for (const address of ['10.0.0.10/8', '192.0.2.1/24', '172.16.0.3/16']) {
      const { gateway, machines } = planRack({ ...wishes, machines: mostMachines, address });
      const all = [gateway, ...machines.flatMap((machine) => [machine.address, machine.bmcAddress])];
      assert.equal(new Set(all).size, 1 + 2 * mostMachines);
    }
    assert.equal(planRack({ ...wishes, address: '172.16.0.3/20' }).netmask, '255.255.240.0');
  });

  it('refuses addresses that leave no room', () => {
    for (const address of [
      '',
      '192.0.2.1',
      '192.0.2.1/25',
      '192.0.2.1/7',
      '192.0.2.0/24',
      '192.0.2.11/24',
      'a/24',
      '192.0.2.1/24/1',
    ]) {
      assert.throws(() => planRack({ ...wishes, address }), { code: 'RACK_ADDRESS_UNFIT' }, address);
    }
  });
});
