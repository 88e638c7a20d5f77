import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'mocha';
import { processesOf } from './process/process-tree.ts';

const capt = fileURLToPath(new URL('../cli/main.ts', import.meta.url));

describe('capt action run', function () {
  this.timeout(30_000);

  /** Runs a script by cexec, in the installer; it has to print its mark. */
  async function begin(script: string) {
    const flags = ['-e', 'DEFAULT_INTERPRETER=/bin/sh -c', '-e', `CMD_LINE=${script}`];
    const command = spawn(process.execPath, [capt, 'action', 'run', 'cexec', ...flags], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    for await (const line of createInterface(command.stdout)) {
      const mark = /mark ([0-9a-f-]{36})/.exec(line)?.[1];
      if (mark !== undefined) return { command, mark };
    }
    throw new Error('it ended without a mark');
  }

  async function untilNoneOf(mark: string): Promise<void> {
    let left = await processesOf({ mark }, '/proc');
    for (let round = 0; round < 500 && left.length > 0; round++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      left = await processesOf({ mark }, '/proc');
    }
    assert.deepEqual(left, []);
  }

  it('leaves no process behind when it is killed with SIGKILL, not even those in sessions of their own', async () => {
    const { command, mark } = await begin(
      'setsid sh -c "trap : TERM; sleep 900 & sleep 900" & echo mark $CAPT_ACTION_MARK; sleep 900',
    );
    assert.ok((await processesOf({ mark }, '/proc')).length > 0);
    const ended = once(command, 'exit');
    command.kill('SIGKILL');
    await ended;
    await untilNoneOf(mark);
  });

  it('leaves no guardian behind when it ends', async () => {
    const { command, mark } = await begin('echo mark $CAPT_ACTION_MARK');
    assert.deepEqual(await once(command, 'exit'), [0, null]);
    await untilNoneOf(mark);
    const { stdout } = spawn('pgrep', ['-f', `capt-guardian CAPT_ACTION_MARK=${mark}`]);
    const found: Buffer[] = [];
    for await (const chunk of stdout) found.push(chunk as Buffer);
    assert.equal(Buffer.concat(found).toString(), '');
  });
});
