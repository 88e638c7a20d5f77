import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { systemClock } from '../../api/time/clock.ts';
import { FakeClock } from '../../api/time/fake-clock.ts';
import { processesOf } from '../process/process-tree.ts';
import { AgentRig } from './agent-rig.ts';
import { FakeServer, handed } from './fake-server.ts';
import type { Told } from './workflow-server.ts';

const unanswered: Told = { kind: 'unanswered', reason: 'UNAVAILABLE: gone' };

describe('the loop of the agent', () => {
  let rig: AgentRig;

  beforeEach(async () => {
    rig = await AgentRig.create();
  });

  afterEach(async () => {
    await rig[Symbol.asyncDispose]();
  });

  it('does one action after the other and reports each: start first, then its end with times', async () => {
    const server = new FakeServer([handed('one'), handed('two')]);
    await rig.start(server, [rig.native('one'), rig.native('two')]);
    await server.until(() => server.reports.length === 4);
    assert.deepEqual(server.states, ['one RUNNING', 'one SUCCESS', 'two RUNNING', 'two SUCCESS']);
    const [begin, end] = server.reports;
    assert.equal(begin?.stopMs, undefined);
    assert.equal(begin?.startMs, end?.startMs);
    assert.ok((end?.stopMs ?? 0) >= (end?.startMs ?? 1));
    assert.equal(end?.message, 'action completed');
  });

  it('begins what comes with the answer to a success, without asking or telling its start', async () => {
    const server = new FakeServer([handed('one')]);
    server.tellAnswers.push(
      () => undefined,
      () => ({ kind: 'taken', next: handed('two') }),
    );
    await rig.start(server, [rig.native('one'), rig.native('two')]);
    await server.until(() => server.reports.length === 2);
    assert.deepEqual(
      [server.states, rig.done],
      [
        ['one RUNNING', 'two SUCCESS'],
        ['one', 'two'],
      ],
    );
    assert.equal(server.asked, 1);
    assert.deepEqual(
      server.reports.map(({ beginsNext }) => beginsNext),
      [undefined, true],
    );
  });

  it('wants nothing to begin after a failure, nor when the machine ends', async () => {
    const fails = rig.native('one', async () => {
      throw new Error('no');
    });
    const ends = rig.native('two', async () => ({ finale: { how: 'reboot' as const } }));
    const server = new FakeServer([handed('one'), handed('two')]);
    await rig.start(server, [fails, ends]);
    await server.until(() => server.reports.length === 4);
    assert.deepEqual(
      server.reports.filter(({ beginsNext }) => beginsNext),
      [],
    );
  });

  it('backs off when there is nothing to do or nobody to ask, and goes on for ever', async () => {
    const server = new FakeServer([handed('one')]);
    for (let i = 0; i < 50; i++) server.askAnswers.push({ kind: i % 2 ? 'none' : 'failed', reason: 'no' });
    await rig.start(server, [rig.native('one')]);
    await server.until(() => server.reports.length === 2);
    assert.deepEqual(rig.done, ['one']);
  });

  it('fails at once on an unknown image, and says what it has', async () => {
    const server = new FakeServer([handed('one', { image: 'docker.io/library/alpine:3' })]);
    await rig.start(server, [rig.native('one'), rig.native('two')]);
    await server.until(() => server.reports.length === 2);
    assert.deepEqual([server.states[1], rig.done], ['one FAILED', []]);
    assert.match(
      server.reports[1]?.message ?? '',
      /has no action alpine .*alpine:3\); it has one, two \[ACTION_UNKNOWN\]/,
    );
  });

  it('fails on a wrong environment with all of it, and runs nothing', async () => {
    const server = new FakeServer([handed('one', { environment: { NEEDED: 'bad' } })]);
    await rig.start(server, [rig.native('one')]);
    await server.until(() => server.reports.length === 2);
    assert.match(server.reports[1]?.message ?? '', /NEEDED is bad \[ACTION_ENVIRONMENT_INVALID\]$/);
    assert.deepEqual(rig.done, []);
  });

  it('reports what an action throws as one line, and goes on with the next', async () => {
    const boom = rig.native('one', async () => {
      throw new Error('first line\n  second line');
    });
    const server = new FakeServer([handed('one'), handed('two')]);
    await rig.start(server, [boom, rig.native('two')]);
    await server.until(() => server.reports.length === 4);
    assert.deepEqual(server.states.slice(1), ['one FAILED', 'two RUNNING', 'two SUCCESS']);
    assert.equal(server.reports[1]?.message, 'first line; second line');
  });

  it('does not run an action whose start is refused, and asks again', async () => {
    const server = new FakeServer([handed('one')]);
    server.tellAnswers.push(() => ({ kind: 'refused', reason: 'FAILED_PRECONDITION', gone: false }));
    await rig.start(server, [rig.native('one')]);
    await server.until(() => server.reports.length === 2);
    assert.equal(server.asked, 2 + 0);
    assert.deepEqual(rig.done, ['one']);
  });

  it('tells a start until it is answered, and runs the action once', async () => {
    const server = new FakeServer([handed('one')]);
    server.tellAnswers.push(...Array.from({ length: 5 }, () => () => unanswered));
    await rig.start(server, [rig.native('one')]);
    await server.until(() => server.reports.length === 2);
    assert.deepEqual(rig.done, ['one']);
    assert.equal(server.asked, 1);
  });

  it('tells an end until it is answered', async () => {
    const server = new FakeServer([handed('one')]);
    server.tellAnswers.push(() => undefined, ...Array.from({ length: 5 }, () => () => unanswered));
    await rig.start(server, [rig.native('one')]);
    await server.until(() => server.reports.length === 2);
    assert.deepEqual([rig.done, server.states], [['one'], ['one RUNNING', 'one SUCCESS']]);
  });

  it('§9.5 agent.go:120: timeout 0 is no limit, not one that has expired', async () => {
    const server = new FakeServer([handed('one', { timeoutSeconds: 0 })]);
    await rig.start(server, [rig.native('one', async ({ signal }) => ({ message: String(signal.aborted) }))]);
    await server.until(() => server.reports.length === 2);
    assert.deepEqual([server.states[1], server.reports[1]?.message], ['one SUCCESS', 'false']);
  });

  it('§9.5 agent.go:104: the report of a start carries its time', async () => {
    const clock = new FakeClock();
    const server = new FakeServer([handed('one')]);
    await rig.start(server, [rig.native('one')], { clock });
    await server.until(() => server.reports.length === 1);
    assert.equal(server.reports[0]?.startMs, clock.now());
  });

  it('§9.5 agent.go:167: a refused report does not end the agent', async () => {
    const server = new FakeServer([handed('one'), handed('two')]);
    server.tellAnswers.push(
      () => undefined,
      () => ({ kind: 'refused', reason: 'INVALID_ARGUMENT', gone: false }),
    );
    await rig.start(server, [rig.native('one'), rig.native('two')]);
    await server.until(() => server.reports.length === 3);
    assert.deepEqual(server.states, ['one RUNNING', 'two RUNNING', 'two SUCCESS']);
  });

  it('§9.5 agent.go:161: a report about a deleted Workflow is not told for ever', async () => {
    const server = new FakeServer([handed('one'), handed('two')]);
    server.tellAnswers.push(
      () => undefined,
      () => unanswered,
      () => ({ kind: 'refused', reason: 'NOT_FOUND', gone: true }),
    );
    await rig.start(server, [rig.native('one'), rig.native('two')]);
    await server.until(() => server.states.includes('two SUCCESS'));
    assert.ok(rig.events.includes('the server does not want the report'));
  });

  it('kills the whole process tree on timeout and reports TIMEOUT', async () => {
    const started = Promise.withResolvers<string>();
    const hang = rig.native('one', async ({ run }) => {
      const onLine = (line: string) => started.resolve(line);
      const script = 'setsid sh -c "trap : TERM; echo $CAPT_ACTION_MARK; while :; do sleep 1; done" & wait';
      await run('sh', ['-c', script], { onLine });
      return {};
    });
    const server = new FakeServer([handed('one', { timeoutSeconds: 90 })]);
    let expire = () => {};
    const after = (delayMs: number, callback: () => void) => {
      if (delayMs !== 90_000) return systemClock.after(delayMs, callback);
      expire = callback;
      return () => {};
    };
    await rig.start(server, [hang], { clock: { ...systemClock, after } });
    await started.promise;
    expire();
    await server.until(() => server.reports.length === 2);
    assert.deepEqual(await processesOf({ mark: await started.promise }, '/proc'), []);
    assert.match(server.reports[1]?.message ?? '', /^not done within 90 s, and stopped.*\[ACTION_TIMEOUT\]/);
    assert.equal(server.states[1], 'one TIMEOUT');
  });

  it('stops an action when its Workflow is gone, as soon as that is known', async () => {
    const server = new FakeServer([handed('one')]);
    server.tellAnswers.push(
      () => undefined,
      () => ({ kind: 'refused', reason: 'NOT_FOUND: action not found', gone: true }),
    );
    const copy = rig.native('one', async ({ progress, signal }) => {
      progress({ bytes: 1, totalBytes: 2 });
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      throw signal.reason;
    });
    await rig.start(server, [copy]);
    await server.until(() => server.reports.length === 2);
    assert.match(server.reports[1]?.message ?? '', /interrupted: the Workflow is gone .*\[ACTION_INTERRUPTED\]/);
  });

  it('sends progress one report at a time, and the end only after the last of them', async () => {
    const server = new FakeServer([handed('one')]);
    const answer = Promise.withResolvers<Told>();
    const sent = Promise.withResolvers<void>();
    server.tellAnswers.push(
      () => undefined,
      () => {
        sent.resolve();
        return answer.promise;
      },
    );
    const copy = rig.native('one', async ({ progress }) => {
      progress({ bytes: 1, totalBytes: 4, what: 'copying' });
      await sent.promise;
      for (const bytes of [2, 3, 4]) progress({ bytes, totalBytes: 4, what: 'copying' });
      return {};
    });
    await rig.start(server, [copy]);
    await sent.promise;
    for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(server.states, ['one RUNNING']);
    answer.resolve({ kind: 'taken' });
    await server.until(() => server.reports.length === 2);
    assert.deepEqual(server.states, ['one RUNNING', 'one SUCCESS']);
  });

  it('sends no progress to a server of the original', async () => {
    const server = new FakeServer([handed('one', { acceptsProgress: false })]);
    await rig.start(server, [
      rig.native('one', async ({ progress }) => {
        progress({ bytes: 1, totalBytes: 1 });
        return {};
      }),
    ]);
    await server.until(() => server.reports.length === 2);
    assert.deepEqual(server.states, ['one RUNNING', 'one SUCCESS']);
  });

  describe('ends the machine', () => {
    const reboot = () => rig.native('reboot', async () => ({ finale: { how: 'reboot' as const } }));

    it('only when the server has taken the success', async () => {
      const server = new FakeServer([handed('reboot')]);
      const seen: number[] = [];
      server.tellAnswers.push(
        () => undefined,
        () => {
          seen.push(rig.finales.length);
          return unanswered;
        },
      );
      await rig.start(server, [reboot()]);
      await server.until(() => server.asked === 2);
      assert.deepEqual([seen, rig.finales], [[0], [{ how: 'reboot' }]]);
      assert.equal(server.states[1], 'reboot SUCCESS');
    });

    it('not when the server refuses the success', async () => {
      const server = new FakeServer([handed('reboot')]);
      server.tellAnswers.push(
        () => undefined,
        () => ({ kind: 'refused', reason: 'FAILED_PRECONDITION', gone: false }),
      );
      await rig.start(server, [reboot()]);
      await server.until(() => server.asked === 2);
      assert.deepEqual(rig.finales, []);
    });

    it('again when that failed, and after a restart of the agent', async () => {
      const server = new FakeServer([handed('reboot')]);
      const tried = Promise.withResolvers<void>();
      let tries = 0;
      const finale = async () => {
        if (++tries === 3) tried.resolve();
        throw new Error('still there');
      };
      await rig.start(server, [reboot()], { finale });
      await tried.promise;
      await rig.end();
      await rig.start(new FakeServer(), [reboot()]);
      for (let i = 0; i < 500 && rig.finales.length === 0; i++) await new Promise((resolve) => setTimeout(resolve, 2));
      assert.deepEqual(rig.finales, [{ how: 'reboot' }]);
    });

    it('not again when the machine has restarted', async () => {
      const journal = await rig.journal();
      await journal.write({ phase: 'finale', finale: { how: 'reboot' } });
      const stored = JSON.parse(await readFile(rig.file, 'utf8'));
      await writeFile(rig.file, JSON.stringify({ ...stored, bootId: 'another' }));
      const server = new FakeServer();
      await rig.start(server, []);
      await server.until(() => server.asked === 1);
      assert.deepEqual(rig.finales, []);
      assert.equal(await journal.read(), undefined);
    });
  });
});
