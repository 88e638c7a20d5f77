import assert from 'node:assert/strict';
import { closeSync, mkdtempSync, openSync, rmSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { firstSign, partitionStarts } from './disk-signs.ts';

describe('a disk, looked at from outside', () => {
  let folder: string;
  let file: string;
  const sizeBytes = 32 * 2 ** 20;
  const start = 16 * 2 ** 20;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'capt-disk-'));
    file = join(folder, 'disk');
    writeFileSync(file, '');
    truncateSync(file, sizeBytes);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function write(offset: number, bytes: Buffer): void {
    const descriptor = openSync(file, 'r+');
    writeSync(descriptor, bytes, 0, bytes.length, offset);
    closeSync(descriptor);
  }

  it('has no signs and no partitions when it is empty', async () => {
    assert.equal(await firstSign(file, [start]), undefined);
    assert.deepEqual(await partitionStarts(file), []);
  });

  for (const [what, offset] of [
    ['a boot sector', 510],
    ['a partition table', 512],
    ['a file system', start + 1080],
    ['the copy of the table', sizeBytes - 512],
    ['its last byte', sizeBytes - 1],
  ] as const) {
    it(`has ${what}`, async () => {
      write(offset, Buffer.from([1]));
      assert.equal(await firstSign(file, [start]), `something at byte ${offset} of ${file}`);
    });
  }

  function table(count: number, entryBytes: number): Buffer {
    const header = Buffer.alloc(512);
    header.write('EFI PART');
    header.writeBigUInt64LE(2n, 72);
    header.writeUInt32LE(count, 80);
    header.writeUInt32LE(entryBytes, 84);
    return header;
  }

  it('has partitions by its GPT', async () => {
    const entries = Buffer.alloc(256);
    entries[128] = 7;
    entries.writeBigUInt64LE(BigInt(start / 512), 128 + 32);
    write(512, Buffer.concat([table(128, 128), entries]));
    assert.deepEqual(await partitionStarts(file), [start]);
  });

  it('has none by a GPT that makes no sense', async () => {
    for (const [count, entryBytes] of [
      [0xffff_ffff, 0xffff_ffff],
      [128, 0],
      [0, 128],
      [1, 1],
    ]) {
      write(512, table(count ?? 0, entryBytes ?? 0));
      assert.deepEqual(await partitionStarts(file), []);
    }
  });
});
