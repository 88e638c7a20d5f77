import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { lstatSync, mkdtempSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { skipBecause } from '../../../test/support/reporter.ts';
import { writeCpio } from './cpio.ts';
import type { TreeEntry } from './tree.ts';

const text = (content: string, executable = false): TreeEntry => ({
  kind: 'file',
  data: Buffer.from(content),
  executable,
});

const sample: [string, TreeEntry][] = [
  ['usr/bin/tool', text('#!/bin/sh\n', true)],
  ['etc/motd', text('hello')],
  ['bin', { kind: 'link', target: 'usr/bin' }],
  ['empty', { kind: 'folder' }],
];

describe('a cpio archive', () => {
  it('has the header fields of newc in hexadecimal, padded to four bytes', () => {
    const archive = writeCpio(new Map([['a', text('xyz')]]));
    assert.equal(archive.subarray(0, 6).toString(), '070701');
    assert.equal(archive.subarray(14, 22).toString(), '000081a4');
    assert.equal(archive.subarray(54, 62).toString(), '00000003');
    assert.equal(archive.subarray(110, 112).toString(), 'a\0');
    assert.equal(archive.subarray(112, 116).toString(), 'xyz\0');
    assert.equal(archive.length % 4, 0);
    assert.ok(archive.includes('TRAILER!!!'));
  });

  it('says type and number of a device', () => {
    const archive = writeCpio(new Map([['console', { kind: 'device', major: 5, minor: 1 }]]));
    assert.equal(archive.subarray(14, 22).toString(), '00002180');
    assert.equal(archive.subarray(78, 94).toString(), '0000000500000001');
  });

  it('is the same in whatever order the files come', () => {
    assert.deepEqual(writeCpio(new Map(sample)), writeCpio(new Map(sample.toReversed())));
  });

  it('refuses paths that leave the archive and files that lie in files', () => {
    for (const path of ['/etc/passwd', '../x', 'a//b', 'a/./b']) {
      assert.throws(() => writeCpio(new Map([[path, text('')]])), /not a plain relative path/);
    }
    assert.throws(() => writeCpio(new Map([...sample, ['bin/x', text('')]])), /"bin", which is a link/);
  });

  it('is unpacked by the cpio of busybox', function () {
    const folder = mkdtempSync(join(tmpdir(), 'capt-cpio-'));
    try {
      execFileSync('busybox', ['cpio', '-i', '-d'], { cwd: folder, input: writeCpio(new Map(sample)), stdio: 'pipe' });
      assert.equal(readFileSync(join(folder, 'etc/motd'), 'utf8'), 'hello');
      assert.equal(lstatSync(join(folder, 'usr/bin/tool')).mode, 0o100755);
      assert.equal(lstatSync(join(folder, 'etc/motd')).mode, 0o100644);
      assert.equal(readlinkSync(join(folder, 'bin')), 'usr/bin');
      assert.ok(lstatSync(join(folder, 'empty')).isDirectory());
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') skipBecause(this, 'there is no busybox here');
      throw error;
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
