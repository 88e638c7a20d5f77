import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { describe, it } from 'mocha';
import { skipBecause } from '../../../../test/support/reporter.ts';
import type { TreeEntry } from '../tree.ts';
import { packData } from './data-blocks.ts';
import { writeSquashfs } from './squashfs.ts';

const options = { blockSize: 4096, level: 1 };

const file = (data: Uint8Array | string, executable = false): TreeEntry => ({
  kind: 'file',
  data: Buffer.from(data),
  executable,
});

/** Compresses badly, and is the same every time. */
function noise(length: number, seed = 1): Buffer {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  };
  return Buffer.from(Array.from({ length }, next));
}

const sample: [string, TreeEntry][] = [
  ['bin/tool', file('#!/bin/sh\n', true)],
  ['bin/sh', { kind: 'link', target: 'tool' }],
  ['big', file(Buffer.concat([noise(10_000), Buffer.alloc(20_000), Buffer.from('end'.repeat(3000))]))],
  ['exactly', file('x'.repeat(8192))],
  ['nothing', file('')],
  ['empty', { kind: 'folder' }],
  ['null', { kind: 'device', major: 1, minor: 3 }],
  // More than one header holds, and more inodes than one block.
  ...Array.from({ length: 700 }, (_, index): [string, TreeEntry] => [`many/${index}`, file(`file ${index}\n`)]),
];

describe('a squashfs image', function () {
  this.timeout(60_000);

  it('is the same in whatever order the files come', async () => {
    const [one, other] = [
      await writeSquashfs(new Map(sample), options),
      await writeSquashfs(new Map(sample.toReversed()), options),
    ];
    assert.ok(one.equals(other));
    assert.equal(one.length % 4096, 0);
  });

  it('is read by unsquashfs', async function () {
    const folder = mkdtempSync(join(tmpdir(), 'capt-squashfs-'));
    try {
      writeFileSync(join(folder, 'image'), await writeSquashfs(new Map(sample), options));
      // Devices are only made by root.
      const args = ['-no-progress', '-ignore-errors', '-d', join(folder, 'root'), join(folder, 'image')];
      const { error, stdout, stderr } = spawnSync('unsquashfs', args, { encoding: 'utf8' });
      if (error !== undefined) skipBecause(this, 'there is no unsquashfs (Debian package squashfs-tools)');
      assert.match(stdout, /created 70\d files/, stderr);
      for (const [path, entry] of sample) {
        const at = join(folder, 'root', path);
        if (entry.kind === 'file') {
          assert.ok(readFileSync(at).equals(entry.data), path);
          assert.equal(lstatSync(at).mode, entry.executable ? 0o100755 : 0o100644, path);
        }
        if (entry.kind === 'link') assert.equal(readlinkSync(at), entry.target);
        if (entry.kind === 'folder') assert.deepEqual(readdirSync(at), []);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('says of itself how big it is and where its tables are', async () => {
    const image = await writeSquashfs(new Map(sample), options);
    assert.equal(image.toString('latin1', 0, 4), 'hsqs');
    // All entries, the folders named only by what is in them, and the root.
    assert.equal(image.readUInt32LE(4), sample.length + 2 + 1);
    const [used, owners, , inodes, folders, fragments] = Array.from({ length: 6 }, (_, index) =>
      Number(image.readBigUInt64LE(40 + 8 * index)),
    ) as [number, number, number, number, number, number];
    assert.ok(96 < inodes && inodes < folders && folders < fragments && fragments < owners && owners < used);
    assert.equal(used, owners + 8);
  });
});

describe('the data of a squashfs image', () => {
  it('is cut into blocks, those of zeros lie nowhere, small files share one', async () => {
    const zeros = Buffer.alloc(4096);
    const files = new Map([
      ['a', Buffer.concat([Buffer.alloc(4096, 1), zeros, noise(4096), Buffer.from('rest')])],
      ['b', Buffer.from('small')],
      ['c', Buffer.from('smaller')],
    ]);
    const { data, files: packed, fragments } = await packData(files, options);
    const [first = 0, second, third, last = 0] = packed.get('a')?.blockSizes ?? [];
    assert.equal(second, 0);
    // What does not get smaller is left as it is.
    assert.equal(third, 4096 | (1 << 24));
    assert.deepEqual(zstdDecompressSync(data.subarray(0, first)), Buffer.alloc(4096, 1));
    assert.deepEqual(data.subarray(first, first + 4096), noise(4096));
    assert.equal(last & 0xffffff, 4);
    assert.deepEqual(packed.get('b')?.fragment, { index: 0, offset: 0 });
    assert.deepEqual(packed.get('c')?.fragment, { index: 0, offset: 5 });
    assert.deepEqual(fragments, [{ start: first + 4096 + 4, size: 12 | (1 << 24) }]);
  });
});
