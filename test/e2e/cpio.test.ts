import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, it } from 'mocha';
import { cpioArchive } from './cpio.ts';

describe('archives for an initramfs', () => {
  it('are read by a cpio that we did not write', () => {
    const archive = cpioArchive([
      { kind: 'folder', path: 'bin', mode: 0o755 },
      { kind: 'file', path: 'bin/a', mode: 0o755, content: Buffer.from('12345') },
      { kind: 'file', path: 'empty', mode: 0o644, content: Buffer.alloc(0) },
    ]);
    const list = execFileSync('busybox', ['cpio', '-tv'], { input: archive, encoding: 'utf8', stdio: 'pipe' });
    const lines = list
      .trim()
      .split('\n')
      .map((line) => line.split(/\s+/));
    assert.deepEqual(
      lines.map((words) => [words[0], words[2], words.at(-1)]),
      [
        ['drwxr-xr-x', '0', 'bin'],
        ['-rwxr-xr-x', '5', 'bin/a'],
        ['-rw-r--r--', '0', 'empty'],
      ],
    );
  });
});
