import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, openSync, rmSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { type Partition, partitionTable, partitionTypes, sectorBytes, usableSectors } from './partition-table.ts';

const diskSectors = 65_536;
const diskId = 'c0ffee00-0123-4567-89ab-cdef01234567';
const part = (
  number: number,
  firstSector: number,
  sectors: number,
  type: string = partitionTypes.efiSystem,
): Partition => ({
  number,
  type,
  id: `00000000-0000-8000-8000-${String(number).padStart(12, '0')}`,
  name: `part ${number}`,
  firstSector,
  sectors,
});

describe('a GUID partition table', () => {
  it('is what sfdisk reads, numbers in any order', () => {
    const partitions = [
      part(14, 2048, 2048, partitionTypes.biosBoot),
      part(15, 4096, 8192),
      part(1, 12_288, 40_960, partitionTypes.root.x86_64),
    ];
    const folder = mkdtempSync(join(tmpdir(), 'capt-gpt-'));
    try {
      const file = join(folder, 'disk');
      const { start, end } = partitionTable(diskSectors, diskId, partitions);
      writeFileSync(file, start);
      truncateSync(file, diskSectors * sectorBytes);
      writeSync(openSync(file, 'r+'), end, 0, end.length, diskSectors * sectorBytes - end.length);
      const sfdisk = (...args: string[]) =>
        execFileSync('/sbin/sfdisk', [...args, file], { encoding: 'utf8', stdio: 'pipe' });
      assert.match(sfdisk('--verify'), /No errors detected/);
      const { partitiontable: read } = JSON.parse(sfdisk('--json')) as {
        partitiontable: {
          id: string;
          partitions: { node: string; start: number; size: number; type: string; name: string }[];
        };
      };
      assert.equal(read.id.toLowerCase(), diskId);
      assert.deepEqual(
        read.partitions.map(({ node, start: at, size, type, name }) => [
          node.slice(file.length),
          at,
          size,
          type.toLowerCase(),
          name,
        ]),
        [
          ['1', 12_288, 40_960, partitionTypes.root.x86_64, 'part 1'],
          ['14', 2048, 2048, partitionTypes.biosBoot, 'part 14'],
          ['15', 4096, 8192, partitionTypes.efiSystem, 'part 15'],
        ],
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('has the same table at both ends, each header checked by its sum', () => {
    fc.assert(
      fc.property(fc.integer({ min: 128, max: 2 ** 40 }), (sectors) => {
        const { start, end } = partitionTable(sectors, diskId, [part(1, usableSectors(sectors).first, 1)]);
        assert.deepEqual(start.subarray(2 * sectorBytes), end.subarray(0, -sectorBytes));
        for (const header of [
          start.subarray(sectorBytes, sectorBytes + 92),
          end.subarray(-sectorBytes).subarray(0, 92),
        ]) {
          const without = Buffer.from(header);
          without.writeUInt32LE(0, 16);
          assert.equal(header.readUInt32LE(16), crc32(without));
          assert.equal(header.readUInt32LE(88), crc32(start.subarray(2 * sectorBytes)));
        }
        assert.equal(start.readBigUInt64LE(sectorBytes + 32), BigInt(sectors - 1));
      }),
    );
  });

  it('refuses partitions that overlap, leave the disk, or have no number in it', () => {
    const { first, last } = usableSectors(diskSectors);
    for (const partitions of [
      [part(1, first - 1, 1)],
      [part(1, last, 2)],
      [part(1, 2048, 0)],
      [part(1, 2048, 10), part(2, 2057, 1)],
      [part(0, 2048, 1)],
      [part(129, 2048, 1)],
    ]) {
      assert.throws(() => partitionTable(diskSectors, diskId, partitions), /partition/);
    }
    assert.throws(() => partitionTable(diskSectors, 'nothing', []), /no GUID/);
  });
});
