import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { readHardwareCsv } from '../../inventory/csv/read-hardware-csv.ts';
import { hardwareCsv } from './hardware-csv.ts';
import { planRack } from './plan.ts';

describe('the hardware.csv of a rack', () => {
  it('is one that can be imported, without problems and remarks', () => {
    const plan = planRack({ name: 'rack', machines: 3, address: '172.31.42.1/24' });
    const logins = new Map(plan.machines.map(({ name }) => [name, { username: 'admin', password: `pw-${name}` }]));
    const { rows, problems, remarks } = readHardwareCsv(Buffer.from(hardwareCsv(plan, logins)));
    assert.deepEqual([problems, remarks], [[], []]);
    assert.deepEqual(rows[1], {
      line: 3,
      hostname: 'rack-1',
      ipAddress: '172.31.42.12',
      netmask: '255.255.255.0',
      gateway: '172.31.42.1',
      nameservers: ['172.31.42.1'],
      mac: '02:ca:ac:1f:2a:0c',
      disk: '/dev/vda',
      labels: { type: 'worker' },
      bmc: { ip: '172.31.42.102', username: 'admin', password: 'pw-rack-1' },
    });
    assert.equal(rows.length, 3);
  });
});
