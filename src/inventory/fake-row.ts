import type { HardwareRow } from './csv/row.ts';

/** A row as it comes out of a file, with BMC. For tests. */
export function fakeRow(change: Partial<HardwareRow> = {}): HardwareRow {
  return {
    line: 2,
    hostname: 'node-1',
    ipAddress: '192.0.2.10',
    netmask: '255.255.255.0',
    gateway: '192.0.2.1',
    nameservers: ['192.0.2.2'],
    mac: '02:00:5e:00:53:01',
    disk: '/dev/sda',
    labels: { type: 'cp' },
    bmc: { ip: '192.0.2.110', username: 'admin', password: 's3cret' },
    ...change,
  };
}
