import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { parsePartitionTable } from './partition-table.ts';

describe('partition table as sfdisk tells it', () => {
  it('has partitions by number, in sectors of the disk', () => {
    const type = 'C12A7328-F81F-11D2-BA4B-00A0C93EC93B';
    const partitions = [
      {
        node: '/dev/nvme0n1p12',
        start: 4096,
        size: 8,
        type,
        name: 'EFI',
        attrs: 'RequiredPartition LegacyBIOSBootable',
      },
      { node: '/dev/nvme0n1p3', start: 256, size: 512, type },
    ];
    const json = JSON.stringify({ partitiontable: { label: 'gpt', sectorsize: 4096, partitions } });
    assert.deepEqual(parsePartitionTable(json), {
      label: 'gpt',
      sectorBytes: 4096,
      partitions: [
        { number: 3, start: 256, size: 512, type, name: '', active: false },
        { number: 12, start: 4096, size: 8, type, name: 'EFI', active: true },
      ],
    });
  });

  it('knows the active partition of an MBR, and sectors of 512 bytes from versions that do not tell', () => {
    const partitions = [{ node: '/dev/sda1', start: 2048, size: 100, type: '83', bootable: true }];
    const table = parsePartitionTable(JSON.stringify({ partitiontable: { label: 'dos', partitions } }));
    assert.deepEqual([table?.sectorBytes, table?.partitions[0]?.active], [512, true]);
  });

  it('may be empty, or missing', () => {
    assert.deepEqual(parsePartitionTable('{"partitiontable":{"label":"gpt"}}')?.partitions, []);
    assert.equal(parsePartitionTable('{}'), undefined);
  });
});
