import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { DiskWriter } from './disk-writer.ts';

describe('DiskWriter', () => {
  let folder = '';
  const slotBytes = 65_536;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'capt-writer-'));
    writeFileSync(join(folder, 'disk'), '');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const start = (name = 'disk', sizeBytes?: number): DiskWriter =>
    new DiskWriter({
      target: { path: join(folder, name), ...(sizeBytes === undefined ? {} : { sizeBytes }) },
      sink: { url: 'http://images/x', skipZeros: false },
      slotCount: 2,
      slotBytes,
    });

  it('never has more buffers under way than it was given, and makes the writer wait', async () => {
    const writer = start();
    const bytes = Buffer.alloc(40 * slotBytes + 1000, 'data ');
    const prepared = writer.prepare();
    let isTaken = false;
    const written = writer.write(bytes).then(() => {
      isTaken = true;
    });
    // Promises settle, but no answer of the thread arrives within this turn: all buffers are out, the rest of the data waits.
    for (let turns = 0; turns < 100; turns++) await Promise.resolve();
    assert.equal(writer.slotsInUse, 2);
    await prepared;
    assert.equal(isTaken, false);
    await written;
    for (let start = 0; start < bytes.length; start += 1000) {
      await writer.write(bytes.subarray(start, start + 1000));
      assert.ok(writer.slotsInUse <= 2);
    }
    const { rawBytes } = await writer.finish();
    await writer.commit();
    await writer.close();
    assert.equal(rawBytes, 2 * bytes.length);
    assert.equal(Buffer.compare(readFileSync(join(folder, 'disk')), Buffer.concat([bytes, bytes])), 0);
  });

  it('refuses a disk that is not there', async () => {
    const writer = start('missing');
    await assert.rejects(writer.prepare(), { code: 'DISK_REFUSED', message: /does not exist/ });
    await writer.close().catch(() => {});
  });

  it('passes a failure on to whoever writes or finishes next', async () => {
    const writer = start('disk', 10 * slotBytes);
    await writer.prepare();
    const all = async (): Promise<void> => {
      await writer.write(Buffer.alloc(40 * slotBytes));
      await writer.finish();
    };
    await assert.rejects(all(), { code: 'IMAGE_TOO_BIG' });
    await assert.rejects(writer.finish(), { code: 'IMAGE_TOO_BIG' });
    await writer.close();
  });
});
