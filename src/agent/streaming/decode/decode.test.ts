import assert from 'node:assert/strict';
import { crc32, deflateRawSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, it } from 'mocha';
import { builtIn, createDecoder } from './decoders.ts';
import { ZlibEngine } from './zlib-engine.ts';

type Format = (typeof builtIn)[number];

function decode(format: Format, bytes: Uint8Array, chunkBytes: number, take: (part: Uint8Array) => void): void {
  const block = new Uint8Array(65_536);
  const decoder = createDecoder(format, { room: () => block, push: (length) => take(block.subarray(0, length)) });
  // One piece of memory again and again, as the thread has it.
  const chunk = new Uint8Array(chunkBytes);
  for (let start = 0; start < bytes.length; start += chunkBytes) {
    const part = bytes.subarray(start, start + chunkBytes);
    chunk.set(part);
    decoder.put(chunk.subarray(0, part.length));
    chunk.fill(0xff);
  }
  decoder.end();
}

function decoded(format: Format, bytes: Uint8Array, chunkBytes = 1000): Buffer {
  const parts: Uint8Array[] = [];
  decode(format, bytes, chunkBytes, (part) => parts.push(Buffer.from(part)));
  return Buffer.concat(parts);
}

const first = Buffer.from(Array.from({ length: 70_000 }, (_, index) => (index * index) >> 3));
const second = Buffer.alloc(300_000, 'the second part, quite compressible; ');
const compress = { gz: gzipSync, zst: zstdCompressSync };
const skippable = Buffer.from([0x53, 0x2a, 0x4d, 0x18, 5, 0, 0, 0, 1, 2, 3, 4, 5]);

/** A member with every optional part of the header. */
function fullHeader(data: Buffer): Buffer {
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc32(data), 0);
  trailer.writeUInt32LE(data.length, 4);
  const header = Buffer.from('\x1f\x8b\x08\x1e\0\0\0\0\0\x03\x03\0abcname\0comment\0CC', 'latin1');
  return Buffer.concat([header, deflateRawSync(data), trailer]);
}

for (const format of builtIn) {
  const pack = compress[format];
  const two = Buffer.concat([pack(first), pack(second)]);
  const both = Buffer.concat([first, second]);

  describe(`decoding ${format}`, () => {
    it('takes several members or frames, however the stream is cut', () => {
      for (const chunkBytes of [1, 7, 1000, pack(first).length, 65_536, two.length]) {
        assert.equal(Buffer.compare(decoded(format, two, chunkBytes), both), 0, `chunks of ${chunkBytes}`);
      }
    });

    it('takes an empty member between others', () => {
      const three = Buffer.concat([pack(first), pack(Buffer.alloc(0)), pack(second)]);
      assert.equal(Buffer.compare(decoded(format, three), both), 0);
    });

    it('never ends well when it is cut, at any of 200 places but between members', () => {
      const boundary = pack(first).length;
      for (let cut = 1; cut < two.length; cut += Math.ceil(two.length / 200)) {
        if (cut === boundary) continue;
        assert.throws(() => decoded(format, two.subarray(0, cut)), Error, `cut at ${cut}`);
      }
      for (const cut of [boundary - 1, boundary + 1, two.length - 1]) {
        assert.throws(() => decoded(format, two.subarray(0, cut)), Error, `cut at ${cut}`);
      }
    });

    it('refuses what is no member or frame after the last', () => {
      assert.throws(() => decoded(format, Buffer.concat([two, Buffer.from('something else than padding')])));
      const broken = Buffer.from(two);
      broken[pack(first).length] = 0;
      assert.throws(() => decoded(format, broken));
    });

    it('gives out what it has as it is taken, not all at once', () => {
      const bomb = pack(Buffer.alloc(64 << 20));
      let largest = 0;
      let total = 0;
      decode(format, bomb, 65_536, (part) => {
        largest = Math.max(largest, part.length);
        total += part.length;
      });
      assert.equal(total, 64 << 20);
      assert.ok(largest <= 1 << 20, `${largest}`);
    });
  });
}

describe('decoding gz', () => {
  it('takes every optional part of a header, and zeros after the last member', () => {
    const bytes = Buffer.concat([fullHeader(first), Buffer.alloc(4096)]);
    for (const chunkBytes of [1, 1000]) assert.equal(Buffer.compare(decoded('gz', bytes, chunkBytes), first), 0);
  });

  it('refuses a wrong checksum and a wrong length', () => {
    for (const fromEnd of [8, 1]) {
      const bytes = Buffer.from(gzipSync(first));
      const at = bytes.length - fromEnd;
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      assert.throws(() => decoded('gz', bytes), /checksum/);
    }
  });
});

describe('decoding zst', () => {
  it('passes over skippable frames, as pzstd writes them', () => {
    const bytes = Buffer.concat([skippable, zstdCompressSync(first), skippable, zstdCompressSync(second), skippable]);
    for (const chunkBytes of [1, 1000]) {
      assert.equal(Buffer.compare(decoded('zst', bytes, chunkBytes), Buffer.concat([first, second])), 0);
    }
    assert.throws(() => decoded('zst', bytes.subarray(0, bytes.length - 2)), /unexpected end of file/);
  });
});

it('a Node that looks otherwise below its streams is refused, not guessed at', () => {
  for (const stream of [{}, { _handle: {} }, { _handle: { writeSync() {}, reset() {} } }]) {
    assert.throws(() => new ZlibEngine(stream, 0), { code: 'IMAGE_DECODER_UNKNOWN' });
  }
});
