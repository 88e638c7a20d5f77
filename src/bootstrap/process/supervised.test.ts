import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { CaptError } from '../../api/errors/capt-error.ts';
import { isAlive } from './identity.ts';
import { type ProcessStatus, SupervisedProcess } from './supervised.ts';
import { Supervisor } from './supervisor.ts';
import { waitUntil } from './wait-until.ts';

const backoff = { initialMs: 10, maxMs: 40, resetAfterMs: 60_000 };
const timeoutMs = 5_000;

describe('a supervised process', () => {
  let folder: string;
  let states: string[];
  const processes: { stop(options: { graceMs: number }): Promise<void> }[] = [];

  const options = () => ({
    backoff,
    now: () => new Date(0),
    onChange: ({ name, state }: ProcessStatus) => states.push(`${name} ${state}`),
  });
  /** A shell script that is ready when it has made the file `<name>.ready`. */
  const specOf = (name: string, script: string) => ({
    name,
    file: '/bin/sh',
    args: ['-c', script],
    environment: { PATH: '/usr/bin:/bin' },
    directory: folder,
    logFile: join(folder, `${name}.log`),
    isReady: () => Promise.resolve(existsSync(join(folder, `${name}.ready`))),
  });
  const create = (script: string) => {
    const created = new SupervisedProcess(specOf('x', script), options());
    processes.push(created);
    return created;
  };
  const serve = 'touch x.ready; exec sleep 60';
  const ready = (process: SupervisedProcess) => waitUntil(() => process.status.state === 'ready', { timeoutMs });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'capt-supervised-'));
    states = [];
  });
  afterEach(async () => {
    for (const each of processes.splice(0)) await each.stop({ graceMs: 100 });
    rmSync(folder, { recursive: true });
  });

  it('is ready when its condition holds, and gone after stop', async () => {
    const process = create(serve);
    await Promise.all([process.start({ timeoutMs }), process.start({ timeoutMs })]);
    const { identity } = process.status;
    assert.ok(identity !== undefined && isAlive(identity));
    assert.deepEqual(states, ['x starting', 'x ready']);
    await Promise.all([process.stop({ graceMs: 1_000 }), process.stop({ graceMs: 1_000 })]);
    assert.ok(!isAlive(identity));
    assert.equal(process.status.state, 'stopped');
    assert.equal(process.status.identity, undefined);
  });

  it('comes back by itself when it is killed', async () => {
    const process = create(serve);
    await process.start({ timeoutMs });
    assert.ok(process.signal('SIGKILL'));
    assert.notEqual(process.status.state, 'ready');
    assert.ok(await ready(process));
    assert.equal(process.status.restarts, 1);
    assert.equal(process.status.lastExit, 'ended by SIGKILL');
  });

  it('is given up when it dies three times before it ever was ready', async () => {
    const process = create('echo wrong flag; exit 7');
    await assert.rejects(process.start({ timeoutMs }), (error: unknown) => {
      assert.ok(error instanceof CaptError);
      assert.equal(error.code, 'CONTROL_PLANE_NOT_READY');
      assert.match(error.message, /^x ended with exit code 7; last lines of .*x\.log:\nwrong flag/);
      return true;
    });
  });

  it('is given up when it is not ready in time', async () => {
    await assert.rejects(create('exec sleep 60').start({ timeoutMs: 50 }), /x was not ready after 0.05 s/);
  });

  it('is given up when there is no such program', async () => {
    const process = new SupervisedProcess({ ...specOf('x', ''), file: '/nonexistent' }, options());
    processes.push(process);
    await assert.rejects(process.start({ timeoutMs }), /could not be started: .*ENOENT/);
  });

  it('gives up its start when the caller does, and can be stopped then', async () => {
    const controller = new AbortController();
    const process = create('exec sleep 60');
    const started = process.start({ timeoutMs, signal: controller.signal });
    controller.abort(new CaptError('INTERRUPTED'));
    await assert.rejects(started, /interrupted/);
    await process.stop({ graceMs: 100 });
    assert.equal(process.status.state, 'stopped');
  });

  it('is killed when it does not end in time', async () => {
    const process = create(`trap '' TERM; touch x.ready; while :; do sleep 0.05; done`);
    await process.start({ timeoutMs });
    const { identity } = process.status;
    await process.stop({ graceMs: 50 });
    assert.ok(identity !== undefined && !isAlive(identity));
  });

  it('is not started again by a stop during the pause between two lives', async () => {
    const process = new SupervisedProcess(specOf('x', serve), {
      ...options(),
      backoff: { ...backoff, initialMs: 60_000 },
    });
    await process.start({ timeoutMs });
    process.signal('SIGKILL');
    await waitUntil(() => process.status.identity === undefined, { timeoutMs });
    await process.stop({ graceMs: 100 });
    assert.equal(process.status.state, 'stopped');
    assert.equal(process.status.restarts, 0);
  });

  it('is one of several that start in order and stop in reverse', async () => {
    const script = (name: string) =>
      `trap 'echo ${name} >> ended; exit' TERM; touch ${name}.ready; while :; do sleep 0.02; done`;
    const supervisor = new Supervisor([specOf('a', script('a')), specOf('b', script('b'))], {
      ...options(),
      rotateIntervalMs: 1_000,
    });
    processes.push(supervisor);
    await supervisor.start({ readyTimeoutMs: timeoutMs });
    assert.deepEqual(states, ['a starting', 'a ready', 'b starting', 'b ready']);
    assert.ok(await supervisor.waitUntilReady({ timeoutMs: 0 }));
    await supervisor.stop({ graceMs: 2_000 });
    assert.equal(readFileSync(join(folder, 'ended'), 'utf8'), 'b\na\n');
  });

  it('names the one of several that lost its port', async () => {
    const supervisor = new Supervisor(
      [specOf('a', 'touch a.ready; exec sleep 60'), specOf('b', 'echo listen tcp: address already in use; exit 1')],
      { ...options(), rotateIntervalMs: 1_000 },
    );
    processes.push(supervisor);
    await assert.rejects(supervisor.start({ readyTimeoutMs: timeoutMs }));
    assert.equal(supervisor.lostPort(), 'b');
  });
});
