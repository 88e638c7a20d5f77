import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { CaptError } from '../api/errors/capt-error.ts';
import { systemClock } from '../api/time/clock.ts';
import type { Finale } from './actions/action.ts';
import { childEnvironment } from './child-environment.ts';
import { endMachine } from './finale.ts';

describe('the end of the machine', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'capt-finale-'));
    program('sync', 'echo sync');
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  function program(name: string, script: string): void {
    writeFileSync(join(folder, name), `#!/bin/sh\n(${script}) >> ${folder}/calls\n`);
    chmodSync(join(folder, name), 0o755);
  }

  const calls = () => readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n');
  // Only the folder of the test is searched for programs, and no /proc of this machine is written to.
  const end = (how: Finale['how']) =>
    endMachine({ how }, new AbortController().signal, {
      clock: systemClock,
      proc: folder,
      env: { PATH: folder },
      goneSeconds: 0.01,
    });
  const remains = (error: CaptError) => error.code === 'ACTION_MACHINE_REMAINS';

  for (const [how, flag] of [
    ['reboot', '-f'],
    ['poweroff', '-f'],
    ['kexec', '-e'],
  ] as const) {
    it(`writes the disks out, then calls ${how}; it is an error to be still there`, async () => {
      program(how, `echo ${how} "$@"`);
      await assert.rejects(end(how), remains);
      assert.deepEqual(calls(), ['sync', `${how} ${flag}`]);
      assert.equal(existsSync(join(folder, 'sysrq-trigger')), false);
    });
  }

  it('asks the kernel when the program fails or is missing; a kexec becomes a reboot', async () => {
    program('reboot', 'exit 1');
    for (const [how, key] of [
      ['reboot', 'b'],
      ['poweroff', 'o'],
      ['kexec', 'b'],
    ] as const) {
      await assert.rejects(end(how), remains);
      assert.equal(readFileSync(join(folder, 'sysrq-trigger'), 'utf8'), key);
    }
  });
});

describe('environment of the programs of actions', () => {
  it('has no credentials, but proxies, also those of the kernel arguments', () => {
    const env = {
      PATH: '/bin',
      REGISTRY_PASSWORD: 'hunter2',
      AGENT_REGISTRY_PASS: 'hunter2',
      https_proxy: 'http://p:1',
    };
    const kernel = new Map([
      ['HTTPS_PROXY', 'ignored'],
      ['NO_PROXY', '10.0.0.0/8'],
    ]);
    assert.deepEqual(childEnvironment(env, kernel), {
      PATH: '/bin',
      https_proxy: 'http://p:1',
      HTTPS_PROXY: 'http://p:1',
      no_proxy: '10.0.0.0/8',
      NO_PROXY: '10.0.0.0/8',
    });
  });
});
