import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { describeCsvProblem } from './problem.ts';
import { readHardwareCsv } from './read-hardware-csv.ts';

const header =
  'hostname,ip_address,netmask,gateway,nameservers,mac,disk,labels,bmc_ip,bmc_username,bmc_password,vlan_id';
const values = {
  hostname: 'node-1',
  ip_address: '192.0.2.10',
  netmask: '255.255.255.0',
  gateway: '192.0.2.1',
  nameservers: '192.0.2.2|192.0.2.3',
  mac: '02:00:5e:00:53:01',
  disk: '/dev/sda',
  labels: 'type=cp|rack=a1',
  bmc_ip: '192.0.2.110',
  bmc_username: 'admin',
  bmc_password: 'a-password',
  vlan_id: '',
};
const second = {
  ...values,
  hostname: 'node-2',
  ip_address: '192.0.2.11',
  mac: '02:00:5e:00:53:02',
  bmc_ip: '192.0.2.111',
};

const line = (row: Record<string, string>) => Object.values(row).join(',');
const read = (text: string) => readHardwareCsv(Buffer.from(text));
const problemsOf = (text: string) => read(text).problems.map(describeCsvProblem);
const problemsWith = (change: Partial<typeof values>) => problemsOf(`${header}\n${line({ ...values, ...change })}\n`);

describe('hardware.csv', () => {
  it('gives a machine a row', () => {
    const { rows, problems, remarks } = read(`${header}\n${line(values)}\n${line({ ...second, vlan_id: '7' })}\n`);
    assert.deepEqual([problems, remarks], [[], []]);
    assert.deepEqual(rows[0], {
      line: 2,
      hostname: 'node-1',
      ipAddress: '192.0.2.10',
      netmask: '255.255.255.0',
      gateway: '192.0.2.1',
      nameservers: ['192.0.2.2', '192.0.2.3'],
      mac: '02:00:5e:00:53:01',
      disk: '/dev/sda',
      labels: { type: 'cp', rack: 'a1' },
      bmc: { ip: '192.0.2.110', username: 'admin', password: 'a-password' },
    });
    assert.equal(rows[1]?.vlanId, '7');
    assert.equal(rows[1]?.line, 3);
  });

  it('takes any order of columns, a byte order mark, CRLF, quotes, blank lines and no line end at the end', () => {
    const order = Object.keys(values).reverse() as (keyof typeof values)[];
    const row = (of: typeof values) => order.map((name) => (name === 'labels' ? `"${of[name]}"` : of[name])).join(',');
    const { rows, problems } = read(`\ufeff${order.join(',')}\r\n\r\n${row(values)}\r\n\r\n${row(second)}`);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      rows.map(({ hostname, line: at, bmc }) => [hostname, at, bmc?.password]),
      [
        ['node-1', 3, 'a-password'],
        ['node-2', 5, 'a-password'],
      ],
    );
  });

  it('keeps commas, quotes and blanks of a password, also before CRLF in a file of LF', () => {
    const names = header.split(',').filter((name) => name !== 'bmc_password') as (keyof typeof values)[];
    const row = (of: typeof values, password: string) => [...names.map((name) => of[name]), password].join(',');
    const { rows } = read(`${names},bmc_password\n${row(values, '" a,""b "')}\n${row(second, 'c')}\r\n`);
    assert.deepEqual(
      rows.map(({ bmc }) => bmc?.password),
      [' a,"b ', 'c'],
    );
  });

  it('counts lines as an editor does, after line ends in quotes too', () => {
    const quoted = line({ ...values, bmc_password: '"a\r\nb"' });
    const { rows, problems } = read(`${header}\r\n${quoted}\r\n${line({ ...second, mac: 'x' })}\r\n`);
    assert.deepEqual([rows[0]?.line, problems[0]?.line], [2, 4]);
  });

  it('does without the optional columns', () => {
    const { rows, problems, columns } = read(
      `hostname,ip_address,netmask,gateway,nameservers,mac,disk,labels\n${Object.values(values).slice(0, 8).join(',')}`,
    );
    assert.deepEqual([problems, rows[0]?.bmc, columns.has('vlan_id')], [[], undefined, false]);
  });

  for (const [written, meant] of [
    ['02-00-5E-00-53-01', '02:00:5e:00:53:01'],
    ['0200.5e00.5301', '02:00:5e:00:53:01'],
  ] as const) {
    it(`reads MAC ${written}`, () => {
      assert.equal(read(`${header}\n${line({ ...values, mac: written })}`).rows[0]?.mac, meant);
    });
  }

  for (const [column, value, part] of [
    ['hostname', '', 'must not be empty'],
    ['hostname', 'Node-1', 'write it in lower case: node-1'],
    ['hostname', 'node_1', 'must be a host name'],
    ['hostname', 'a'.repeat(64), '63 between dots'],
    ['ip_address', '192.0.2.010', 'must be the IPv4 address of one machine, but is "192.0.2.010"'],
    ['ip_address', '2001:db8::1', 'must be the IPv4 address of one machine'],
    ['ip_address', '224.0.0.1', 'must be the IPv4 address of one machine'],
    ['ip_address', '192.0.2.255', 'must not be the network or broadcast address of 192.0.2.0/24'],
    ['netmask', '255.0.255.0', 'must be a netmask'],
    ['netmask', '24', 'must be a netmask'],
    ['netmask', '0.0.0.0', 'must be a netmask'],
    ['gateway', '192.0.3.1', 'must be an address in 192.0.2.0/24'],
    ['gateway', '192.0.2.10', 'must not be the address of the machine'],
    ['nameservers', '192.0.2.2|', 'must be IP addresses joined by |'],
    ['nameservers', 'dns.example', 'must be IP addresses joined by |'],
    ['mac', '02:00:5e:00:53', 'must be a MAC address'],
    ['mac', '01:00:5e:00:53:01', 'not zero, multicast or broadcast'],
    ['mac', '00:00:00:00:00:00', 'not zero, multicast or broadcast'],
    ['disk', 'sda', 'must be a device under /dev'],
    ['disk', '/dev/../etc/passwd', 'must be a device under /dev'],
    ['labels', 'cp', 'must be labels as key=value'],
    ['labels', '=cp', 'must be labels as key=value'],
    ['labels', 'type=a b', 'must be labels as key=value'],
    ['labels', 'type=a|type=b', 'must not name a label twice'],
    ['labels', 'v1alpha1.tinkerbell.org/ownerName=me', 'must not set v1alpha1.tinkerbell.org/ownerName'],
    ['bmc_ip', '', 'must not be empty when another bmc column is filled in'],
    ['bmc_ip', 'bmc.example', 'must be an IP address'],
    ['bmc_ip', '192.0.2.10', 'must differ from column ip_address'],
    ['bmc_username', '', 'must not be empty when another bmc column is filled in'],
    ['bmc_password', '', 'must not be empty when another bmc column is filled in'],
    ['vlan_id', '4095', 'must be a VLAN number'],
    ['vlan_id', '0', 'must be a VLAN number'],
  ] as const) {
    it(`refuses ${column} ${JSON.stringify(value.slice(0, 40))}`, () => {
      const problems = problemsWith({ [column]: value });
      assert.equal(problems.length, 1, problems.join('\n'));
      assert.ok(problems[0]?.startsWith(`line 2, ${column}: `) && problems[0].includes(part), problems[0]);
    });
  }

  for (const disk of [
    '/dev/nvme0n1',
    '/dev/disk/by-id/wwn-0x5000c500a1b2c3d4',
    '/dev/disk/by-path/pci-0000:00:1f.2-ata-1',
  ]) {
    it(`accepts disk ${disk}`, () => assert.deepEqual(problemsWith({ disk }), []));
  }

  it('tells all problems of all rows at once, duplicates of rows with other problems too', () => {
    const text = [
      header,
      line({ ...values, disk: 'sda', netmask: 'x' }),
      line({ ...second, mac: values.mac, hostname: values.hostname, ip_address: values.ip_address, vlan_id: 'x' }),
      line({ ...second, hostname: 'node-3', ip_address: '192.0.2.1', mac: '02:00:5e:00:53:03' }),
      line({ ...second, hostname: 'node-4', ip_address: '192.0.2.12', mac: '02:00:5e:00:53:04', bmc_ip: '192.0.2.12' }),
    ].join('\n');
    assert.deepEqual(
      read(text).problems.map(({ line: at, column, rule }) => [at, column, rule]),
      [
        [2, 'netmask', 'must be a netmask in dotted form whose ones come first'],
        [2, 'disk', 'must be a device under /dev'],
        [3, 'vlan_id', 'must be a VLAN number'],
        [3, 'hostname', 'must differ from line 2, hostname'],
        [3, 'mac', 'must differ from line 2, mac'],
        [3, 'ip_address', 'must differ from line 2, ip_address'],
        [4, 'gateway', 'must not be the address of the machine'],
        [4, 'bmc_ip', 'must differ from line 3, bmc_ip'],
        [4, 'ip_address', 'must not be the gateway that line 5 names'],
        [5, 'bmc_ip', 'must differ from column ip_address'],
      ],
    );
  });

  it('tells every column that the header lacks, names twice, or nearly names', () => {
    assert.deepEqual(problemsOf('hostname,hostname,ip_adress,bmc_ipaddress,netmask,gateway,mac,disk,labels\n'), [
      'line 1, hostname: must be named once: remove one of the two columns',
      'line 1, ip_adress: there is no such column, but there is ip_address: rename it to ip_address, or to something unlike it',
      'line 1, bmc_ipaddress: there is no such column, but there is bmc_ip: rename it to bmc_ip, or to something unlike it',
      'line 1, ip_address: must be a column of the file: add it to the header',
      'line 1, nameservers: must be a column of the file: add it to the header',
    ]);
  });

  it('ignores columns of old files and of others, and says so', () => {
    const { problems, remarks } = read(`id,vendor,location,${header}\n1,acme,room 2,${line(values)}`);
    assert.deepEqual(problems, []);
    assert.deepEqual(remarks, [
      'column id is ignored: it is not used any more',
      'column vendor is ignored: it is not used any more',
      'column "location" is ignored: there is no such column',
    ]);
  });

  for (const [what, text, part] of [
    ['no bytes', '', 'line 1: must have a header'],
    ['a header only', header, 'line 1: must have a row for each machine'],
    ['semicolons', header.replaceAll(',', ';'), 'line 1: columns must be separated by commas'],
    [
      'a row that is too short',
      `${header}\nnode-1,192.0.2.1`,
      'line 2: must have 12 values, as the header has columns, but has 2',
    ],
    ['a quote inside of a value', `${header}\nnode-1,19"2`, 'line 2: quotes must stand around a whole value'],
    ['an open quote', `${header}\n"node-1,`, 'a value in quotes must end with a quote'],
    ['a NUL', `${header}\n\0`, 'line 1: must be text in UTF-8'],
  ] as const) {
    it(`says what is wrong with ${what}`, () => {
      const problems = problemsOf(text);
      assert.ok(problems.length === 1 && problems[0]?.includes(part), problems.join('\n'));
    });
  }

  it('says what is wrong with UTF-16, as spreadsheets save it', () => {
    const file = Buffer.from(`\ufeff${header}`, 'utf16le');
    assert.deepEqual(
      readHardwareCsv(file).problems.map(({ fix }) => fix),
      ['save it as "CSV UTF-8 (comma delimited)"'],
    );
  });

  it('never shows a password, whatever is wrong around it', () => {
    const secret = 's3cret-Pa55';
    const row = line({ ...values, bmc_password: secret });
    for (const text of [
      row.replace('192.0.2.110', ''),
      `${row},more`,
      row.replace(secret, `${secret}"x`),
      row.replace(secret, `"${secret}"x`),
    ]) {
      const problems = problemsOf(`${header}\n${text}`);
      assert.ok(problems.length > 0 && !problems.join().includes(secret), problems.join('\n'));
    }
  });

  it('reads any bytes without failing, and finds nothing in what it did not understand', () => {
    const piece = fc.constantFrom(header, '\n', '\r\n', ',', '"', ...Object.values(values), '\ufeff', 'ü', '\0');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.array(piece).map((pieces) => Buffer.from(pieces.join(''))),
        ),
        (bytes) => {
          const { rows, problems } = readHardwareCsv(Buffer.from(bytes));
          assert.ok(rows.length > 0 || problems.length > 0);
          for (const { line: at } of problems) assert.ok(Number.isInteger(at) && at >= 1);
        },
      ),
    );
  });
});
