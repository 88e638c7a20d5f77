import assert from 'node:assert/strict';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, it } from 'mocha';
import { detectFormat, type Format, refusalAdvice } from './format.ts';

const bytes = (...parts: (string | number[])[]): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))));

const cases: [string, Uint8Array, Format][] = [
  ['gzip', gzipSync('x'), 'gz'],
  ['gzip with a method that does not exist', bytes([0x1f, 0x8b, 0x07]), 'raw'],
  ['zstd', zstdCompressSync('x'), 'zst'],
  ['zstd that starts with a skippable frame (pzstd)', bytes([0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4]), 'zst'],
  ['xz', bytes([0xfd], '7zXZ', [0, 0, 4]), 'xz'],
  ['bzip2', bytes('BZh91AY&SY', [1, 2]), 'bz2'],
  ['bzip2 of nothing', bytes('BZh9', [0x17], 'rE8P', [0x90], [0, 0, 0, 0]), 'bz2'],
  ['text that starts like bzip2', bytes('BZh9 is not the start of an image'), 'raw'],
  ['qcow2', bytes('QFI', [0xfb, 0, 0, 0, 3]), 'qcow2'],
  ['vmdk', bytes('KDMV', [1]), 'vmdk'],
  ['vhdx', bytes('vhdxfile'), 'vhdx'],
  ['vdi', bytes('<<< Oracle VM VirtualBox Disk Image >>>\n'.padEnd(64, '\0'), [0x7f, 0x10, 0xda, 0xbe]), 'vdi'],
  ['lzma alone', bytes([0x5d, 0, 0, 0x80, 0, 255, 255, 255, 255, 255, 255, 255, 255]), 'lzma'],
  ['zip', bytes('PK', [3, 4]), 'zip'],
  ['a login page', bytes('\n<!DOCTYPE HTML><html>'), 'html'],
  ['boot code', bytes([0xeb, 0x63, 0x90]), 'raw'],
  ['zeros', new Uint8Array(512), 'raw'],
  ['nothing', new Uint8Array(0), 'raw'],
];

describe('detectFormat', () => {
  for (const [what, head, format] of cases)
    it(`takes ${what} for ${format}`, () => assert.equal(detectFormat(head), format));

  it('has advice for what it refuses, and none for the rest', () => {
    for (const format of new Set(cases.map(([, , each]) => each))) {
      const refused = !['gz', 'zst', 'xz', 'bz2', 'raw'].includes(format);
      assert.equal(refusalAdvice(format) !== undefined, refused, format);
    }
    assert.match(refusalAdvice('qcow2') ?? '', /qemuimg2disk/);
  });
});
