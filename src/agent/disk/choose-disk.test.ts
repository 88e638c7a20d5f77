import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it } from 'mocha';
import { chooseDisk } from './choose-disk.ts';
import type { Disk } from './disk.ts';
import { listDisks } from './list-disks.ts';
import { partitionPath } from './partition-nodes.ts';
import { parseSelector } from './selector.ts';

const plain: Disk = {
  path: '/dev/sda',
  links: ['/dev/disk/by-id/ata-a'],
  sizeBytes: 480_103_981_056,
  serial: 'S3RIAL',
  wwn: 'naa.5000C500A1',
  model: 'INTEL SSD',
  rotational: false,
  readOnly: false,
  isVirtual: false,
  partitionOf: undefined,
  usedBy: [],
  zeroes: true,
};
const disks: Disk[] = [
  plain,
  { ...plain, path: '/dev/sdb', links: [], serial: 'OTHER', wwn: 'naa.5000C500A2', sizeBytes: 4e12, rotational: true },
  { ...plain, path: '/dev/sdc', links: [], serial: 'RO', wwn: undefined, readOnly: true, model: 'Flash' },
  { ...plain, path: '/dev/sdd', links: [], serial: 'USED', wwn: undefined, usedBy: ['/boot', 'md0'] },
  { ...plain, path: '/dev/sr0', links: [], serial: 'CD', isVirtual: true, sizeBytes: 0 },
  { ...plain, path: '/dev/sda1', links: [], partitionOf: '/dev/sda' },
];
const choose = (text: string): string => chooseDisk(text, disks, (path) => path).path;

describe('chooseDisk', () => {
  const cases: [string, string][] = [
    ['/dev/sda', '/dev/sda'],
    ['/dev/sda1', '/dev/sda1'],
    ['/dev/disk/by-id/ata-a', '/dev/sda'],
    ['serial=s3rial', '/dev/sda'],
    ['wwn=0x5000c500a2', '/dev/sdb'],
    ['wwn=wwn-0x5000c500a1', '/dev/sda'],
    ['size>=1TB', '/dev/sdb'],
    ['rotational=true', '/dev/sdb'],
    ['size=480GB, serial=S3RIAL', '/dev/sda'],
  ];
  for (const [text, path] of cases)
    it(`issue actions#107: takes ${text} for ${path}`, () => assert.equal(choose(text), path));

  const refusals: [string, string, RegExp][] = [
    ['/dev/nothing', 'DISK_NOT_FOUND', /there are: \/dev\/sda \(480 GB, serial S3RIAL\), \/dev\/sdb/],
    ['serial=CD', 'DISK_NOT_FOUND', /no disk is serial=CD/],
    ['rotational=false', 'DISK_AMBIGUOUS', /\/dev\/sda .*\/dev\/sdc/],
    ['/dev/sdc', 'DISK_REFUSED', /read-only/],
    ['serial=USED', 'DISK_REFUSED', /in use \(\/boot, md0\)/],
    ['/dev/sr0', 'DISK_REFUSED', /no medium/],
    ['sda', 'DISK_SELECTOR_INVALID', /neither a path nor a rule/],
    ['size>=big, color=red, serial>3', 'DISK_SELECTOR_INVALID', /100GB.*color.*only size/],
  ];
  for (const [text, code, message] of refusals) {
    it(`refuses ${text}`, () => assert.throws(() => choose(text), { code, message }));
  }
});

describe('parseSelector', () => {
  it('knows units of ten and of two', () => {
    const fits = (text: string, sizeBytes: number): boolean => {
      const selector = parseSelector(text);
      assert.ok('rules' in selector);
      return selector.rules.every((rule) => rule.fits({ ...plain, sizeBytes }));
    };
    assert.ok(fits('size>=1.5TB', 1.5e12) && !fits('size>1.5TB', 1.5e12));
    assert.ok(fits('size<=1GiB', 2 ** 30) && !fits('size<1GiB', 2 ** 30));
    assert.ok(fits('size=1TB', 1.0002e12) && !fits('size=1TB', 1.1e12));
  });
});

describe('partitionPath', () => {
  it('puts a p after a digit', () => {
    assert.equal(partitionPath('/dev/sda', 1), '/dev/sda1');
    assert.equal(partitionPath('/dev/nvme0n1', 2), '/dev/nvme0n1p2');
  });
});

describe('listDisks', () => {
  it('reads what the kernel tells, partitions, mounts, swap and holders included', () => {
    const root = mkdtempSync(join(tmpdir(), 'capt-sysfs-'));
    const put = (path: string, text: string): void => {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    };
    const device = 'sys/devices/pci/ata1/block/sda';
    put(`${device}/size`, '937703088\n');
    put(`${device}/ro`, '0\n');
    put(`${device}/queue/rotational`, '1\n');
    put(`${device}/queue/write_zeroes_max_bytes`, '4294966784\n');
    put(`${device}/device/model`, 'ST500   \n');
    put(`${device}/device/wwid`, 'naa.5000c500\n');
    put(`${device}/device/vpd_pg80`, '\0\0\0\x08 ABC123 ');
    for (const part of ['sda1', 'sda2', 'sda3']) put(`${device}/${part}/partition`, part.slice(3));
    put(`${device}/sda1/size`, '2048');
    mkdirSync(join(root, `${device}/sda3/holders/md0`), { recursive: true });
    mkdirSync(join(root, 'sys/block'), { recursive: true });
    symlinkSync('../devices/pci/ata1/block/sda', join(root, 'sys/block/sda'));
    put('proc/self/mountinfo', '36 35 8:1 / /boot rw - ext4 /dev/sda1 rw\n22 1 0:5 / /proc rw - proc proc rw\n');
    put('proc/swaps', 'Filename Type Size\n/dev/sda2 partition 100\n');
    put('dev/sda', '');
    mkdirSync(join(root, 'dev/disk/by-id'), { recursive: true });
    symlinkSync('../../sda', join(root, 'dev/disk/by-id/ata-ST500'));
    const at = (name: string): string => join(root, name);
    const found = listDisks({ sys: at('sys'), proc: at('proc'), dev: at('dev') });
    rmSync(root, { recursive: true });
    assert.deepEqual(found[0], {
      path: at('dev/sda'),
      links: [at('dev/disk/by-id/ata-ST500')],
      sizeBytes: 480_103_981_056,
      serial: 'ABC123',
      wwn: 'naa.5000c500',
      model: 'ST500',
      rotational: true,
      readOnly: false,
      isVirtual: false,
      partitionOf: undefined,
      usedBy: ['/boot', 'swap', 'md0'],
      zeroes: true,
    });
    assert.deepEqual(
      found.slice(1).map(({ path, partitionOf, usedBy }) => [path, partitionOf, usedBy]),
      [
        [at('dev/sda1'), at('dev/sda'), ['/boot']],
        [at('dev/sda2'), at('dev/sda'), ['swap']],
        [at('dev/sda3'), at('dev/sda'), ['md0']],
      ],
    );
  });

  it('finds nothing where there is nothing', () => {
    assert.deepEqual(listDisks({ sys: '/nothing', proc: '/nothing', dev: '/nothing' }), []);
  });
});
