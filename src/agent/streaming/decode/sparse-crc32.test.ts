import assert from 'node:assert/strict';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { zeroBlockBytes } from '../sink/zero-runs.ts';
import { SparseCrc32 } from './sparse-crc32.ts';

describe('SparseCrc32', () => {
  it('is the checksum of node:zlib, wherever the zeros are and however the data is cut', () => {
    const part = fc.oneof(
      fc.uint8Array({ maxLength: 100 }),
      fc.integer({ min: 1, max: 4 * zeroBlockBytes }).map((length) => new Uint8Array(length)),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), fc.integer({ min: 1, max: 5 * zeroBlockBytes }), (parts, cut) => {
        const bytes = Buffer.concat(parts);
        const sum = new SparseCrc32();
        for (let start = 0; start < bytes.length; start += cut) sum.update(bytes.subarray(start, start + cut));
        assert.equal(sum.value, crc32(bytes));
      }),
      { numRuns: 50 },
    );
  });
});
