import assert from 'node:assert/strict';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { CaptError } from '../../api/errors/capt-error.ts';
import { systemClock } from '../../api/time/clock.ts';
import { FakeClock } from '../../api/time/fake-clock.ts';
import { processesOf } from '../process/process-tree.ts';
import { Agent } from './agent.ts';
import { AgentRig } from './agent-rig.ts';
import { FakeServer, handed } from './fake-server.ts';
import type { Told } from './workflow-server.ts';

const unanswered: Told = { kind: 'unanswered', reason: 'UNAVAILABLE: gone' };

describe('an agent that is restarted', () => {
  let rig: AgentRig;

  beforeEach(async () => {
    rig = await AgentRig.create();
  });

  afterEach(async () => {
    await rig[Symbol.asyncDispose]();
  });

  it('before the start was answered: tells it again and runs the action once', async () => {
    const first = new FakeServer([handed('one')]);
    let calls = 0;
    const refuse = () => {
      calls++;
      return unanswered;
    };
    first.tellAnswers.push(...Array(1000).fill(refuse));
    await rig.start(first, [rig.native('one')]);
    await first.until(() => calls >= 2);
    await rig.end();
    assert.deepEqual(rig.done, []);
    const second = new FakeServer();
    await rig.start(second, [rig.native('one')]);
    await second.until(() => second.reports.length === 2);
    assert.deepEqual([second.states, rig.done], [['one RUNNING', 'one SUCCESS'], ['one']]);
  });

  it('while the action ran: kills what is left of it, reports it as failed and does not do it again', async () => {
    const journal = await rig.journal();
    const orphan = rig.runner([
      rig.native('one', async ({ run, signal }) => {
        await run('sh', ['-c', 'echo $CAPT_ACTION_MARK; sleep 1000'], { onLine: () => begun.resolve() });
        signal.throwIfAborted();
        return {};
      }),
    ]);
    const begun = Promise.withResolvers<void>();
    const over = new AbortController();
    const left = orphan.run(handed('one'), { mark: 'mark-of-one', signal: over.signal, onProgress: () => {} });
    await begun.promise;
    await journal.write({ phase: 'running', action: handed('one'), mark: 'mark-of-one', startMs: 5 });
    const server = new FakeServer([handed('one')]);
    await rig.start(server, [rig.native('one')]);
    await server.until(() => server.reports.length >= 1);
    assert.deepEqual(await processesOf({ mark: 'mark-of-one' }, '/proc'), []);
    const [report] = server.reports;
    assert.deepEqual([report?.state, report?.startMs], ['FAILED', 5]);
    assert.match(
      report?.message ?? '',
      /^interrupted: the agent was restarted while it ran; .*\[ACTION_INTERRUPTED\]$/,
    );
    over.abort();
    await left;
    assert.deepEqual(rig.done, ['one']);
  });

  it('while the action ran, by a restart of the machine: says so', async () => {
    const journal = await rig.journal();
    await journal.write({ phase: 'running', action: handed('one'), mark: 'none', startMs: 5 });
    const stored = JSON.parse(await readFile(rig.file, 'utf8'));
    await writeFile(rig.file, JSON.stringify({ ...stored, bootId: 'another' }));
    const server = new FakeServer();
    await rig.start(server, [rig.native('one')]);
    await server.until(() => server.reports.length === 1);
    assert.match(server.reports[0]?.message ?? '', /^interrupted: the machine restarted while it ran/);
  });

  it('before the end was answered: tells it again, nothing else', async () => {
    const first = new FakeServer([handed('one')]);
    let calls = 0;
    const refuse = () => {
      calls++;
      return unanswered;
    };
    first.tellAnswers.push(() => undefined, ...Array(1000).fill(refuse));
    await rig.start(first, [rig.native('one')]);
    await first.until(() => calls >= 2);
    await rig.end();
    const second = new FakeServer();
    await rig.start(second, [rig.native('one')]);
    await second.until(() => second.reports.length === 1);
    assert.deepEqual([second.states, rig.done], [['one SUCCESS'], ['one']]);
    assert.equal(second.reports[0]?.stopMs !== undefined, true);
  });

  it('before what came with the answer ran: tells the end again, and runs that once', async () => {
    const first = new FakeServer([handed('one')]);
    const answered = Promise.withResolvers<void>();
    first.tellAnswers.push(
      () => undefined,
      () => {
        rig.stop.abort();
        answered.resolve();
        return { kind: 'taken', next: handed('two') };
      },
    );
    await rig.start(first, [rig.native('one'), rig.native('two')]);
    await answered.promise;
    await rig.end();
    assert.deepEqual(rig.done, ['one']);
    const second = new FakeServer();
    second.tellAnswers.push((report) => {
      second.reports.push(report);
      return { kind: 'taken', next: handed('two') };
    });
    await rig.start(second, [rig.native('one'), rig.native('two')]);
    await second.until(() => second.reports.length === 2);
    assert.deepEqual(
      [second.states, rig.done],
      [
        ['one SUCCESS', 'two SUCCESS'],
        ['one', 'two'],
      ],
    );
  });

  it('told to stop while an action runs: stops it, reports that, and leaves nothing to resume', async () => {
    const server = new FakeServer([handed('one')]);
    const begun = Promise.withResolvers<void>();
    const hang = rig.native('one', async ({ run }) => {
      await run('sh', ['-c', 'echo; sleep 1000'], { onLine: () => begun.resolve() });
      return {};
    });
    const hangs = rig.native('one', async (context) => {
      begun.resolve();
      return await hang.run(context);
    });
    await rig.start(server, [hangs]);
    await begun.promise;
    await rig.end();
    assert.equal(server.states[1], 'one FAILED');
    assert.match(server.reports[1]?.message ?? '', /^interrupted: the agent was told to stop; /);
    assert.equal(await (await rig.journal()).read(), undefined);
  });

  it('told to stop while nobody answers: gives up within its time, and the next agent tells the end', async () => {
    const server = new FakeServer([handed('one')]);
    server.tellAnswers.push(() => undefined, ...Array.from({ length: 1000 }, () => () => unanswered));
    const begun = Promise.withResolvers<void>();
    const wait = rig.native('one', async ({ signal }) => {
      begun.resolve();
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      return {};
    });
    await rig.start(server, [wait]);
    await begun.promise;
    await rig.end();
    const second = new FakeServer();
    await rig.start(second, []);
    await second.until(() => second.reports.length === 1);
    assert.equal(second.states[0], 'one SUCCESS');
  });
  it('keeps its state where only its owner may read it, and without the environment once the action runs', async () => {
    const begun = Promise.withResolvers<void>();
    const end = Promise.withResolvers<void>();
    const server = new FakeServer([handed('one', { environment: { NEEDED: 'hunter2' } })]);
    const wait = rig.native('one', async () => {
      begun.resolve();
      await end.promise;
      return {};
    });
    await rig.start(server, [wait]);
    await begun.promise;
    assert.equal((await stat(rig.file)).mode & 0o777, 0o600);
    assert.doesNotMatch(await readFile(rig.file, 'utf8'), /hunter2/);
    end.resolve();
    await server.until(() => server.asked === 2);
  });

  it('puts a state that makes no sense aside and goes on', async () => {
    for (const text of [
      '',
      'null',
      '{"version":1,"bootId":"x","entry":{"phase":"running"}}',
      '\0\xff',
      '{"version":2}',
    ]) {
      await rig.journal();
      await writeFile(rig.file, text);
      const server = new FakeServer([handed('one')]);
      await rig.start(server, [rig.native('one')]);
      await server.until(() => server.reports.length === 2);
      await rig.end();
    }
    assert.equal((await readFile(`${rig.file}.broken`, 'utf8')).length > 0, true);
  });

  it('begins nothing while its state cannot be kept', async () => {
    const journal = await rig.journal();
    const server = new FakeServer([handed('one')]);
    await rm(dirname(rig.file), { recursive: true });
    const runner = rig.runner([rig.native('one')]);
    const options = { journal, runner, server, clock: systemClock, proc: '/proc', backoff: { initialMs: 1, maxMs: 2 } };
    rig.running.push(new Agent({ ...options, finale: async () => {} }).run(rig.stop.signal));
    await server.until(() => server.asked >= 3);
    assert.deepEqual([rig.done, server.reports], [[], []]);
    await rig.journal();
    await server.until(() => server.reports.length === 2);
    assert.deepEqual(rig.done, ['one']);
  });

  it('ends itself when an action does not stop: it must not run another beside it', async () => {
    const clock = new FakeClock();
    const server = new FakeServer([handed('one', { timeoutSeconds: 1 }), handed('two')]);
    const begun = Promise.withResolvers<void>();
    const never = rig.native('one', () => {
      begun.resolve();
      return new Promise(() => {});
    });
    await rig.start(server, [never, rig.native('two')], { clock });
    const failed = assert.rejects(rig.running.pop() ?? Promise.resolve(), (error: CaptError) => {
      return error.code === 'ACTION_PROCESSES_LEFT';
    });
    await begun.promise;
    await clock.advance(32_000);
    await failed;
    assert.deepEqual(server.states, ['one RUNNING', 'one TIMEOUT']);
  });
});
