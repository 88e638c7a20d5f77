import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { FakeTarget } from './fake-target.ts';
import { heldBytes, ImageSink, type SinkOptions } from './image-sink.ts';
import { verifyHeld, verifyReadBack } from './read-back.ts';
import { readsBackZeros } from './zero-proof.ts';
import { isZero } from './zero-runs.ts';

const mebibyte = 1 << 20;
const options: SinkOptions = { url: 'http://images/disk.raw', sha256: true };

/** Blocks of data and of zeros; every block of data differs. */
function image(sizeBytes: number, isData: (block: number) => boolean): Uint8Array {
  const bytes = new Uint8Array(sizeBytes);
  for (let start = 0, block = 0; start < sizeBytes; start += 65_536, block++) {
    if (isData(block)) bytes.fill(1 + (block % 255), start, start + 65_536);
  }
  return bytes;
}

function put(sink: ImageSink, bytes: Uint8Array, chunkBytes: number): void {
  for (let start = 0; start < bytes.length; start += chunkBytes) sink.put(bytes.subarray(start, start + chunkBytes));
}

const bootable = (target: FakeTarget): boolean =>
  !isZero(target.content.subarray(0, heldBytes)) || !isZero(target.content.subarray(target.sizeBytes - heldBytes));

describe('ImageSink', () => {
  it('writes the image whatever the chunks, on disks of any size that fits, with zeros skipped or not', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 * mebibyte }),
        fc.integer({ min: 0, max: 3 * mebibyte }),
        fc.integer({ min: 4096, max: 2 * mebibyte }),
        fc.constantFrom('works', 'lies', 'unsupported'),
        fc.array(fc.boolean(), { minLength: 80, maxLength: 80 }),
        (imageBytes, spareBytes, chunkBytes, zeroing, data) => {
          const bytes = image(imageBytes, (block) => data[block] === true);
          const target = new FakeTarget(imageBytes + spareBytes);
          target.zeroing = zeroing;
          const limit = target.sizeBytes - heldBytes;
          const sink = new ImageSink(target, { ...options, zeroAhead: () => readsBackZeros(target, heldBytes, limit) });
          sink.prepare();
          put(sink, bytes, chunkBytes);
          const result = sink.finish();
          verifyReadBack(target, sink.held, result.rawBytes, result.sha256 ?? '');
          sink.commit();
          verifyHeld(target, sink.held);
          assert.equal(result.sha256, createHash('sha256').update(bytes).digest('hex'));
          assert.equal(Buffer.compare(target.content.subarray(0, imageBytes), bytes), 0);
        },
      ),
      { numRuns: 15 },
    );
  });

  it('leaves nothing to boot at any instant before everything is on the disk', () => {
    const bytes = image(4 * mebibyte, () => true);
    const target = new FakeTarget(4 * mebibyte);
    const sink = new ImageSink(target, options);
    sink.prepare();
    target.onChange = () => assert.equal(bootable(target), false);
    put(sink, bytes, 1_000_000);
    sink.finish();
    target.onChange = () => assert.deepEqual(target.content.subarray(0, 4096), new Uint8Array(4096));
    sink.commit();
    assert.deepEqual(target.content, bytes);
  });

  it('writes the first sectors last, after everything else was synced', () => {
    const target = new FakeTarget(4 * mebibyte);
    const sink = new ImageSink(target, options);
    sink.prepare();
    put(
      sink,
      image(4 * mebibyte, () => true),
      mebibyte,
    );
    sink.finish();
    sink.commit();
    assert.deepEqual(target.log.slice(-7), [
      'sync',
      `write ${3 * mebibyte} ${mebibyte}`,
      'sync',
      `write 4096 ${mebibyte - 4096}`,
      'sync',
      'write 0 4096',
      'sync',
    ]);
  });

  it('wipes both ends, also of what was there before', () => {
    const target = new FakeTarget(4 * mebibyte);
    const sink = new ImageSink(target, options);
    sink.wipe();
    assert.equal(bootable(target), false);
    assert.equal(target.log.at(-1), 'sync');
  });

  it('writes no zeros where the disk was proven to read zeros', () => {
    const target = new FakeTarget(16 * mebibyte);
    const bytes = image(16 * mebibyte, (block) => block === 40);
    const sink = new ImageSink(target, { ...options, zeroAhead: () => true });
    sink.prepare();
    target.writtenBytes = 0;
    put(sink, bytes, mebibyte);
    const { skippedBytes } = sink.finish();
    assert.equal(target.writtenBytes, 65_536);
    assert.equal(skippedBytes, 14 * mebibyte - 65_536);
    sink.commit();
    assert.deepEqual(target.content, bytes);
  });

  it('does not zero behind an image whose length is known', () => {
    const target = new FakeTarget(8 * mebibyte);
    const sink = new ImageSink(target, { ...options, zeroAhead: () => true, knownBytes: 3 * mebibyte });
    sink.prepare();
    put(
      sink,
      image(3 * mebibyte, () => true),
      mebibyte,
    );
    sink.finish();
    assert.equal(target.content[3 * mebibyte], 0xee);
  });

  it('refuses an image that is bigger than the disk before the byte that does not fit', () => {
    const target = new FakeTarget(2 * mebibyte);
    const sink = new ImageSink(target, options);
    sink.prepare();
    assert.throws(
      () =>
        put(
          sink,
          image(3 * mebibyte, () => true),
          mebibyte,
        ),
      { code: 'IMAGE_TOO_BIG' },
    );
  });

  it('refuses a qcow2 image inside of what was compressed', () => {
    const sink = new ImageSink(new FakeTarget(2 * mebibyte), options);
    sink.prepare();
    assert.throws(() => sink.put(Buffer.from('QFI\xfb\0\0\0\x03', 'latin1')), { code: 'IMAGE_FORMAT_REFUSED' });
  });

  it('passes on what a broken disk says', () => {
    const target = new FakeTarget(8 * mebibyte);
    target.failAt = 5 * mebibyte;
    const sink = new ImageSink(target, options);
    sink.prepare();
    assert.throws(
      () =>
        put(
          sink,
          image(8 * mebibyte, () => true),
          mebibyte,
        ),
      /medium error/,
    );
  });
});

describe('readsBackZeros', () => {
  const proof = (target: FakeTarget): boolean => readsBackZeros(target, mebibyte, 8 * mebibyte);

  it('believes only what it has seen', () => {
    for (const zeroing of ['works', 'lies', 'unsupported'] as const) {
      const target = new FakeTarget(8 * mebibyte);
      target.zeroing = zeroing;
      assert.equal(proof(target), zeroing === 'works', zeroing);
    }
  });

  it('is not taken in by a disk that reads zeros whatever was written', () => {
    const target = new FakeTarget(8 * mebibyte);
    target.read = (into) => {
      into.fill(0);
      return into.length;
    };
    assert.equal(proof(target), false);
  });

  it('says no where there is no room to try', () => {
    assert.equal(readsBackZeros(new FakeTarget(2 * mebibyte), mebibyte, mebibyte + 4096), false);
  });
});

describe('verifyReadBack', () => {
  it('notices one byte that differs, also in what was held back', () => {
    for (const damaged of [3 * mebibyte + 17, 5, 8 * mebibyte - 1]) {
      const target = new FakeTarget(8 * mebibyte);
      const sink = new ImageSink(target, options);
      sink.prepare();
      put(
        sink,
        image(8 * mebibyte, () => true),
        mebibyte,
      );
      const { rawBytes, sha256 = '' } = sink.finish();
      target.content[damaged] = (target.content[damaged] ?? 0) ^ 4;
      assert.throws(() => verifyReadBack(target, sink.held, rawBytes, sha256), { code: 'DISK_VERIFY_FAILED' });
    }
  });
});
