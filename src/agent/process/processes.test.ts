import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { CaptError } from '../../api/errors/capt-error.ts';
import { systemClock } from '../../api/time/clock.ts';
import { processesOf } from './process-tree.ts';
import { Processes } from './processes.ts';

describe('processes of an action', () => {
  let mark: string;
  let stop: AbortController;
  let lines: string[];
  let processes: Processes;

  beforeEach(() => {
    mark = randomUUID();
    stop = new AbortController();
    lines = [];
    const log = (line: string) => lines.push(line);
    const options = { mark, clock: systemClock, proc: '/proc', env: process.env, log, graceSeconds: 0.1 };
    processes = new Processes({ ...options, signal: stop.signal });
  });

  afterEach(async () => {
    await processes.end();
    assert.deepEqual(await processesOf({ mark }, '/proc'), []);
  });

  const shell = (script: string) => processes.run('sh', ['-c', script]);

  async function untilLine(wanted: string): Promise<void> {
    for (let i = 0; i < 500 && !lines.includes(wanted); i++) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.ok(lines.includes(wanted), lines.join('\n'));
  }

  it('gives each line of output to the log, and the end of it to the caller', async () => {
    const result = await shell('echo one; printf "50%%\\r100%%\\n"; echo two >&2; printf end');
    assert.deepEqual(lines.toSorted(), ['100%', '50%', 'end', 'one', 'two']);
    assert.deepEqual(result, { exitCode: 0, killedBy: undefined, stdout: 'one\n50%\r100%\nend', stderr: 'two\n' });
  });

  it('fails with the exit code and the last words of the program', async () => {
    await assert.rejects(shell('echo no such thing >&2; exit 7'), (error: CaptError) => {
      assert.equal(error.code, 'ACTION_COMMAND_FAILED');
      assert.match(error.message, /ended with exit code 7: no such thing$/);
      return true;
    });
    await assert.rejects(shell('kill -9 $$'), /was killed by SIGKILL$/);
    await assert.rejects(processes.run('/no/such/program', []), (error: CaptError) => {
      return error.code === 'ACTION_COMMAND_MISSING';
    });
  });

  it('accepts other exit codes on request, gives input, and a title hides arguments', async () => {
    const { exitCode } = await processes.run('sh', ['-c', 'cat; exit 3'], { accept: [3], input: 'hello\n' });
    assert.deepEqual([exitCode, lines], [3, ['hello']]);
    await assert.rejects(
      processes.run('sh', ['-c', 'exit 1 # hunter2'], { title: 'the script' }),
      (error: CaptError) => {
        assert.match(error.message, /^the script ended/);
        return true;
      },
    );
  });

  it('keeps only the end of endless output', async () => {
    const { stdout } = await processes.run('sh', ['-c', 'yes | head -c 1000000; head -c 100000 /dev/zero; echo last'], {
      onLine: () => {},
    });
    assert.ok(stdout.length <= 65_536);
    assert.ok(stdout.endsWith('last\n'));
  });

  it('does not wait for a daemon that holds the output, and ends it afterwards', async () => {
    await shell('setsid sleep 1000 & echo done');
    assert.ok(lines.includes('done'));
    assert.equal((await processesOf({ mark }, '/proc')).length, 1);
    await processes.end();
    assert.deepEqual(await processesOf({ mark }, '/proc'), []);
  });

  it('kills the whole tree when the action is stopped: sessions of their own, orphans, those that ignore SIGTERM', async () => {
    const script = `
      setsid sh -c 'trap "" TERM; sleep 1000 & echo session; wait; sleep 1000' &
      (sh -c 'sleep 1000 & sleep 1000 & wait' &) # reparented to init
      env -i sleep 1000 & # no mark, but a parent that has one
      echo started; wait`;
    const run = shell(script);
    await untilLine('started');
    await untilLine('session');
    stop.abort(new Error('enough'));
    await assert.rejects(run, /enough/);
    await processes.end();
    assert.deepEqual(await processesOf({ mark }, '/proc'), []);
  });

  it('starts nothing when the action is stopped already', async () => {
    stop.abort(new Error('enough'));
    await assert.rejects(shell('true'), /enough/);
    assert.throws(() => processes.start('cat', []), /enough/);
  });

  it('streams through a program, and kills only that', async () => {
    const cat = processes.start('cat', []);
    const other = processes.start('sleep', ['1000']);
    cat.stdin.write('hello');
    const [chunk] = (await cat.stdout.take(1).toArray()) as Buffer[];
    assert.equal(chunk?.toString(), 'hello');
    await cat.kill();
    assert.equal((await cat.ended).killedBy, 'SIGKILL');
    assert.deepEqual(await processesOf({ mark }, '/proc'), [other.pid]);
  });
});
