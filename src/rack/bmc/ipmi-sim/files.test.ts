import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { chassisScript, lanConfiguration } from './files.ts';

describe('files of an ipmi_sim', () => {
  /** What the program prints, with a `curl` that answers as the control socket would and tells what it was asked. */
  function run(...args: string[]): string {
    const folder = mkdtempSync(join(tmpdir(), 'capt-sim-'));
    try {
      const curl =
        '#!/bin/sh\nfor last; do :; done\ncase $last in */chassis) echo power:1; echo boot:pxe ;; *) echo "$*" >&2 ;; esac\n';
      writeFileSync(join(folder, 'curl'), curl, { mode: 0o700 });
      writeFileSync(join(folder, 'chassis'), chassisScript("/tmp/it's/control.sock", 'rack-0'), { mode: 0o700 });
      return execFileSync('sh', ['-c', '"$@" 2>&1', 'sh', join(folder, 'chassis'), '0x20', ...args], {
        encoding: 'utf8',
        env: { PATH: `${folder}:/usr/bin:/bin` },
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  it('let it ask for power and boot device', () => {
    assert.equal(run('get', 'power', 'boot'), 'power:1\nboot:pxe\n');
    assert.throws(() => run('get', 'identify'));
  });

  it('let it switch the machine, and say what to boot from next', () => {
    const told = run('set', 'power', '1', 'boot', 'pxe').split('\n');
    assert.match(
      told[0] ?? '',
      /--unix-socket \/tmp\/it's\/control\.sock .*\{"order":"on"\} .*machines\/rack-0\/power$/,
    );
    assert.match(told[1] ?? '', /\{"device":"pxe","persistent":false\}\} .*machines\/rack-0\/boot$/);
    assert.match(run('set', 'shutdown', '1'), /"soft"/);
    assert.match(run('set', 'power', '0'), /"unplug"/);
    assert.throws(() => run('set', 'boot', 'floppy'));
  });

  it('tell it where to listen, and whom to let in', () => {
    const login = { username: 'admin', password: 'pw' };
    const text = lanConfiguration({ host: '192.0.2.9', port: 623, login, chassisProgram: '/run/chassis' });
    assert.match(text, /^ {2}addr 192\.0\.2\.9 623$/m);
    assert.match(text, /^chassis_control "\/run\/chassis 0x20"$/m);
    assert.match(text, /^user 2 true "admin" "pw" admin/m);
  });
});
