import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { interpreterOf, isElf, neededLibraries, sectionBytes, withoutSymbols } from './elf.ts';

describe('an ELF file', function () {
  this.timeout(60_000);

  const node = readFileSync(process.execPath);

  it('is known by its first bytes', () => {
    assert.ok(isElf(node));
    assert.ok(!isElf(Buffer.from('#!/bin/sh\n'.repeat(20))));
    assert.ok(!isElf(node.subarray(0, 20)));
  });

  it('names its loader and the libraries it needs', () => {
    assert.match(interpreterOf(node) ?? '', /^\/lib.*\/ld-linux/);
    assert.ok(neededLibraries(node).includes('libc.so.6'));
    assert.ok(neededLibraries(node).includes('libstdc++.so.6'));
  });

  it('gives a section by its name', () => {
    assert.equal(sectionBytes(node, '.interp')?.toString().replace('\0', ''), interpreterOf(node));
    assert.equal(sectionBytes(node, '.nothing'), undefined);
  });

  it('has nothing to say when it is cut off or something else', () => {
    for (const bytes of [node.subarray(0, 64), node.subarray(0, 500), Buffer.alloc(0), Buffer.alloc(200, 0x7f)]) {
      assert.deepEqual(neededLibraries(bytes), []);
      assert.equal(interpreterOf(bytes), undefined);
    }
  });

  it('still runs without its symbols, and is smaller', () => {
    const folder = mkdtempSync(join(tmpdir(), 'capt-elf-'));
    try {
      const file = join(folder, 'node');
      const bytes = withoutSymbols(node);
      assert.ok(bytes.length < node.length);
      assert.deepEqual(neededLibraries(bytes), neededLibraries(node));
      writeFileSync(file, bytes);
      chmodSync(file, 0o755);
      assert.equal(execFileSync(file, ['-p', 'process.version'], { encoding: 'utf8' }).trim(), process.version);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
