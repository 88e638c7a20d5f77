import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { CaptError } from '../../api/errors/capt-error.ts';
import type { ActionContext, ActionResult, Finale, NativeAction } from '../actions/action.ts';
import { systemClock } from '../clock.ts';
import { FakeClock } from '../fake-clock.ts';
import { processesOf } from '../process/process-tree.ts';
import { agentEvent } from '../telemetry.ts';
import { ActionRunner } from './action-runner.ts';
import { Agent, type AgentOptions } from './agent.ts';
import { FakeServer, handed } from './fake-server.ts';
import { Journal } from './journal.ts';
import type { Told } from './workflow-server.ts';

const paths = { sys: '/sys', proc: '/proc', dev: '/dev', run: '/run/none' };
const unanswered: Told = { kind: 'unanswered', reason: 'UNAVAILABLE: gone' };

describe('the loop of the agent', () => {
  let folder: string;
  let file: string;
  let stop: AbortController;
  let running: Promise<void>[];
  let finales: Finale[];
  let done: string[];
  let events: string[];
  let unsubscribe: () => void;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'capt-agent-'));
    file = join(folder, 'state', 'agent.json');
    stop = new AbortController();
    running = [];
    finales = [];
    done = [];
    events = [];
    unsubscribe = agentEvent.subscribe(({ what }) => events.push(what));
  });

  afterEach(async () => {
    unsubscribe();
    stop.abort();
    await Promise.all(running);
    await rm(folder, { recursive: true });
  });

  function native(name: string, run: (context: ActionContext) => Promise<ActionResult>): NativeAction {
    return {
      name,
      summary: name,
      variables: [
        { name: 'NEEDED', what: 'is needed', default: 'x', check: (v) => (v === 'bad' ? 'is bad' : undefined) },
      ],
      run: async (context) => {
        done.push(name);
        return await run(context);
      },
    };
  }
  const fine = (name: string) => native(name, async () => ({}));

  async function start(
    server: FakeServer,
    actions: NativeAction[],
    options: Partial<AgentOptions> = {},
  ): Promise<Agent> {
    const { clock = systemClock } = options;
    const agent = new Agent({
      server,
      runner: new ActionRunner({ actions, clock, paths, env: process.env, graceSeconds: 0.05, stopSeconds: 0.2 }),
      journal: await Journal.open(file, '/proc'),
      clock,
      proc: '/proc',
      finale: async (finale) => void finales.push(finale),
      backoff: { initialMs: 1, maxMs: 2 },
      stopReportSeconds: 0.2,
      ...options,
    });
    running.push(agent.run(stop.signal));
    return agent;
  }

  /** Ends the agent as SIGKILL does: nothing of it goes on, the file stays. */
  function kill(): void {
    stop.abort();
    stop = new AbortController();
  }

  it('does one action after the other and reports each: start first, then its end with times', async () => {
    const server = new FakeServer([handed('one'), handed('two')]);
    await start(server, [fine('one'), fine('two')]);
    await server.until(() => server.reports.length === 4);
    assert.deepEqual(server.states, ['one RUNNING', 'one SUCCESS', 'two RUNNING', 'two SUCCESS']);
    const [begin, end] = server.reports;
    assert.equal(begin?.stopMs, undefined);
    assert.equal(begin?.startMs, end?.startMs);
    assert.ok((end?.stopMs ?? 0) >= (end?.startMs ?? 1));
    assert.equal(end?.message, 'action completed');
  });

  it('backs off when there is nothing to do or nobody to ask, and goes on for ever', async () => {
    const server = new FakeServer([handed('one')]);
    for (let i = 0; i < 50; i++) server.askAnswers.push({ kind: i % 2 ? 'none' : 'failed', reason: 'no' });
    await start(server, [fine('one')]);
    await server.until(() => server.reports.length === 2);
    assert.deepEqual(done, ['one']);
  });

  it('fails at once on an unknown image, and says what it has', async () => {
    const server = new FakeServer([handed('one', { image: 'docker.io/library/alpine:3' })]);
    await start(server, [fine('one'), fine('two')]);
    await server.until(() => server.reports.length === 2);
    assert.deepEqual([server.states[1], done], ['one FAILED', []]);
    assert.match(
      server.reports[1]?.message ?? '',
      /has no action alpine .*alpine:3\); it has one, two \[ACTION_UNKNOWN\]/,
    );
  });

  it('fails on a wrong environment with all of it, and runs nothing', async () => {
    const server = new FakeServer([handed('one', { environment: { NEEDED: 'bad' } })]);
    await start(server, [fine('one')]);
    await server.until(() => server.reports.length === 2);
    assert.match(server.reports[1]?.message ?? '', /NEEDED is bad \[ACTION_ENVIRONMENT_INVALID\]$/);
    assert.deepEqual(done, []);
  });

  it('reports what an action throws as one line, and goes on with the next', async () => {
    const boom = native('one', async () => {
      throw new Error('first line\n  second line');
    });
    const server = new FakeServer([handed('one'), handed('two')]);
    await start(server, [boom, fine('two')]);
    await server.until(() => server.reports.length === 4);
    assert.deepEqual(server.states.slice(1), ['one FAILED', 'two RUNNING', 'two SUCCESS']);
    assert.equal(server.reports[1]?.message, 'first line; second line');
  });

  it('does not run an action whose start is refused, and asks again', async () => {
    const server = new FakeServer([handed('one')]);
    server.tellAnswers.push(() => ({ kind: 'refused', reason: 'FAILED_PRECONDITION', gone: false }));
    await start(server, [fine('one')]);
    await server.until(() => server.reports.length === 2);
    assert.equal(server.asked, 2 + 0);
    assert.deepEqual(done, ['one']);
  });

  it('tells a start until it is answered, and runs the action once', async () => {
    const server = new FakeServer([handed('one')]);
    server.tellAnswers.push(...Array.from({ length: 5 }, () => () => unanswered));
    await start(server, [fine('one')]);
    await server.until(() => server.reports.length === 2);
    assert.deepEqual(done, ['one']);
    assert.equal(server.asked, 1);
  });

  it('tells an end until it is answered', async () => {
    const server = new FakeServer([handed('one')]);
    server.tellAnswers.push(() => undefined, ...Array.from({ length: 5 }, () => () => unanswered));
    await start(server, [fine('one')]);
    await server.until(() => server.reports.length === 2);
    assert.deepEqual([done, server.states], [['one'], ['one RUNNING', 'one SUCCESS']]);
  });

  it('§9.5 agent.go:120: timeout 0 is no limit, not one that has expired', async () => {
    const server = new FakeServer([handed('one', { timeoutSeconds: 0 })]);
    await start(server, [native('one', async ({ signal }) => ({ message: String(signal.aborted) }))]);
    await server.until(() => server.reports.length === 2);
    assert.deepEqual([server.states[1], server.reports[1]?.message], ['one SUCCESS', 'false']);
  });

  it('§9.5 agent.go:104: the report of a start carries its time', async () => {
    const clock = new FakeClock();
    const server = new FakeServer([handed('one')]);
    await start(server, [fine('one')], { clock });
    await server.until(() => server.reports.length === 1);
    assert.equal(server.reports[0]?.startMs, clock.now());
  });

  it('§9.5 agent.go:167: a refused report does not end the agent', async () => {
    const server = new FakeServer([handed('one'), handed('two')]);
    server.tellAnswers.push(
      () => undefined,
      () => ({ kind: 'refused', reason: 'INVALID_ARGUMENT', gone: false }),
    );
    await start(server, [fine('one'), fine('two')]);
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
    await start(server, [fine('one'), fine('two')]);
    await server.until(() => server.states.includes('two SUCCESS'));
    assert.ok(events.includes('the server does not want the report'));
  });

  it('kills the whole process tree on timeout and reports TIMEOUT', async () => {
    const started = Promise.withResolvers<string>();
    const hang = native('one', async ({ run }) => {
      const onLine = (line: string) => started.resolve(line);
      const script = 'setsid sh -c "trap : TERM; echo $CAPT_ACTION_MARK; while :; do sleep 1; done" & wait';
      await run('sh', ['-c', script], { onLine });
      return {};
    });
    const server = new FakeServer([handed('one', { timeoutSeconds: 0.3 })]);
    await start(server, [hang]);
    await server.until(() => server.reports.length === 2);
    assert.deepEqual(await processesOf({ mark: await started.promise }, '/proc'), []);
    assert.match(server.reports[1]?.message ?? '', /^not done within 0.3 s, and stopped.*\[ACTION_TIMEOUT\]/);
    assert.equal(server.states[1], 'one TIMEOUT');
  });

  it('stops an action when its Workflow is gone, as soon as that is known', async () => {
    const server = new FakeServer([handed('one')]);
    server.tellAnswers.push(
      () => undefined,
      () => ({ kind: 'refused', reason: 'NOT_FOUND: action not found', gone: true }),
    );
    const copy = native('one', async ({ progress, signal }) => {
      progress({ bytes: 1, totalBytes: 2 });
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      throw signal.reason;
    });
    await start(server, [copy]);
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
    const copy = native('one', async ({ progress }) => {
      progress({ bytes: 1, totalBytes: 4, what: 'copying' });
      await sent.promise;
      for (const bytes of [2, 3, 4]) progress({ bytes, totalBytes: 4, what: 'copying' });
      return {};
    });
    await start(server, [copy]);
    await sent.promise;
    for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(server.states, ['one RUNNING']);
    answer.resolve({ kind: 'taken' });
    await server.until(() => server.reports.length === 2);
    assert.deepEqual(server.states, ['one RUNNING', 'one SUCCESS']);
  });

  it('sends no progress to a server of the original', async () => {
    const server = new FakeServer([handed('one', { acceptsProgress: false })]);
    await start(server, [
      native('one', async ({ progress }) => {
        progress({ bytes: 1, totalBytes: 1 });
        return {};
      }),
    ]);
    await server.until(() => server.reports.length === 2);
    assert.deepEqual(server.states, ['one RUNNING', 'one SUCCESS']);
  });

  describe('ends the machine', () => {
    const reboot = () => native('reboot', async () => ({ finale: { how: 'reboot' as const } }));

    it('only when the server has taken the success', async () => {
      const server = new FakeServer([handed('reboot')]);
      const seen: number[] = [];
      server.tellAnswers.push(
        () => undefined,
        () => {
          seen.push(finales.length);
          return unanswered;
        },
      );
      await start(server, [reboot()]);
      await server.until(() => server.asked === 2);
      assert.deepEqual([seen, finales], [[0], [{ how: 'reboot' }]]);
      assert.equal(server.states[1], 'reboot SUCCESS');
    });

    it('not when the server refuses the success', async () => {
      const server = new FakeServer([handed('reboot')]);
      server.tellAnswers.push(
        () => undefined,
        () => ({ kind: 'refused', reason: 'FAILED_PRECONDITION', gone: false }),
      );
      await start(server, [reboot()]);
      await server.until(() => server.asked === 2);
      assert.deepEqual(finales, []);
    });

    it('again when that failed, and after a restart of the agent', async () => {
      const server = new FakeServer([handed('reboot')]);
      const tried = Promise.withResolvers<void>();
      let tries = 0;
      const finale = async () => {
        if (++tries === 3) tried.resolve();
        throw new Error('still there');
      };
      await start(server, [reboot()], { finale });
      await tried.promise;
      kill();
      await Promise.all(running);
      await start(new FakeServer(), [reboot()]);
      for (let i = 0; i < 500 && finales.length === 0; i++) await new Promise((resolve) => setTimeout(resolve, 2));
      assert.deepEqual(finales, [{ how: 'reboot' }]);
    });

    it('not again when the machine has restarted', async () => {
      const journal = await Journal.open(file, '/proc');
      await journal.write({ phase: 'finale', finale: { how: 'reboot' } });
      const stored = JSON.parse(await readFile(file, 'utf8'));
      await writeFile(file, JSON.stringify({ ...stored, bootId: 'another' }));
      const server = new FakeServer();
      await start(server, []);
      await server.until(() => server.asked === 1);
      assert.deepEqual(finales, []);
      assert.equal(await journal.read(), undefined);
    });
  });

  describe('is restarted', () => {
    it('before the start was answered: tells it again and runs the action once', async () => {
      const first = new FakeServer([handed('one')]);
      let calls = 0;
      const refuse = () => {
        calls++;
        return unanswered;
      };
      first.tellAnswers.push(...Array(1000).fill(refuse));
      await start(first, [fine('one')]);
      await first.until(() => calls >= 2);
      kill();
      await Promise.all(running);
      assert.deepEqual(done, []);
      const second = new FakeServer();
      await start(second, [fine('one')]);
      await second.until(() => second.reports.length === 2);
      assert.deepEqual([second.states, done], [['one RUNNING', 'one SUCCESS'], ['one']]);
    });

    it('while the action ran: kills what is left of it, reports it as failed and does not do it again', async () => {
      const journal = await Journal.open(file, '/proc');
      const orphan = new ActionRunner({
        actions: [
          native('one', async ({ run, signal }) => {
            await run('sh', ['-c', 'echo $CAPT_ACTION_MARK; sleep 1000'], { onLine: () => begun.resolve() });
            signal.throwIfAborted();
            return {};
          }),
        ],
        clock: systemClock,
        paths,
        env: process.env,
        graceSeconds: 0.05,
      });
      const begun = Promise.withResolvers<void>();
      const over = new AbortController();
      const left = orphan.run(handed('one'), { mark: 'mark-of-one', signal: over.signal, onProgress: () => {} });
      await begun.promise;
      await journal.write({ phase: 'running', action: handed('one'), mark: 'mark-of-one', startMs: 5 });
      const server = new FakeServer([handed('one')]);
      await start(server, [fine('one')]);
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
      assert.deepEqual(done, ['one']);
    });

    it('while the action ran, by a restart of the machine: says so', async () => {
      const journal = await Journal.open(file, '/proc');
      await journal.write({ phase: 'running', action: handed('one'), mark: 'none', startMs: 5 });
      const stored = JSON.parse(await readFile(file, 'utf8'));
      await writeFile(file, JSON.stringify({ ...stored, bootId: 'another' }));
      const server = new FakeServer();
      await start(server, [fine('one')]);
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
      await start(first, [fine('one')]);
      await first.until(() => calls >= 2);
      kill();
      await Promise.all(running);
      const second = new FakeServer();
      await start(second, [fine('one')]);
      await second.until(() => second.reports.length === 1);
      assert.deepEqual([second.states, done], [['one SUCCESS'], ['one']]);
      assert.equal(second.reports[0]?.stopMs !== undefined, true);
    });

    it('told to stop while an action runs: stops it, reports that, and leaves nothing to resume', async () => {
      const server = new FakeServer([handed('one')]);
      const begun = Promise.withResolvers<void>();
      const hang = native('one', async ({ run }) => {
        await run('sh', ['-c', 'echo; sleep 1000'], { onLine: () => begun.resolve() });
        return {};
      });
      const hangs = native('one', async (context) => {
        begun.resolve();
        return await hang.run(context);
      });
      await start(server, [hangs]);
      await begun.promise;
      stop.abort();
      await Promise.all(running);
      assert.equal(server.states[1], 'one FAILED');
      assert.match(server.reports[1]?.message ?? '', /^interrupted: the agent was told to stop; /);
      assert.equal(await (await Journal.open(file, '/proc')).read(), undefined);
    });

    it('told to stop while nobody answers: gives up within its time, and the next agent tells the end', async () => {
      const server = new FakeServer([handed('one')]);
      server.tellAnswers.push(() => undefined, ...Array.from({ length: 1000 }, () => () => unanswered));
      const begun = Promise.withResolvers<void>();
      const wait = native('one', async ({ signal }) => {
        begun.resolve();
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        return {};
      });
      await start(server, [wait]);
      await begun.promise;
      kill();
      await Promise.all(running);
      const second = new FakeServer();
      await start(second, []);
      await second.until(() => second.reports.length === 1);
      assert.equal(second.states[0], 'one SUCCESS');
    });
  });

  it('keeps its state where only its owner may read it, and without the environment once the action runs', async () => {
    const begun = Promise.withResolvers<void>();
    const end = Promise.withResolvers<void>();
    const server = new FakeServer([handed('one', { environment: { NEEDED: 'hunter2' } })]);
    const wait = native('one', async () => {
      begun.resolve();
      await end.promise;
      return {};
    });
    await start(server, [wait]);
    await begun.promise;
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    assert.doesNotMatch(await readFile(file, 'utf8'), /hunter2/);
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
      await Journal.open(file, '/proc');
      await writeFile(file, text);
      const server = new FakeServer([handed('one')]);
      await start(server, [fine('one')]);
      await server.until(() => server.reports.length === 2);
      kill();
      await Promise.all(running);
    }
    assert.equal((await readFile(`${file}.broken`, 'utf8')).length > 0, true);
  });

  it('begins nothing while its state cannot be kept', async () => {
    await Journal.open(file, '/proc');
    const journal = await Journal.open(file, '/proc');
    const server = new FakeServer([handed('one')]);
    await rm(join(folder, 'state'), { recursive: true });
    const runner = new ActionRunner({ actions: [fine('one')], clock: systemClock, paths, env: process.env });
    const options = { journal, runner, server, clock: systemClock, proc: '/proc', backoff: { initialMs: 1, maxMs: 2 } };
    running.push(new Agent({ ...options, finale: async () => {} }).run(stop.signal));
    await server.until(() => server.asked >= 3);
    assert.deepEqual([done, server.reports], [[], []]);
    await Journal.open(file, '/proc');
    await server.until(() => server.reports.length === 2);
    assert.deepEqual(done, ['one']);
  });

  it('ends itself when an action does not stop: it must not run another beside it', async () => {
    const clock = new FakeClock();
    const server = new FakeServer([handed('one', { timeoutSeconds: 1 }), handed('two')]);
    const begun = Promise.withResolvers<void>();
    const never = native('one', () => {
      begun.resolve();
      return new Promise(() => {});
    });
    await start(server, [never, fine('two')], { clock });
    const failed = assert.rejects(running.pop() ?? Promise.resolve(), (error: CaptError) => {
      return error.code === 'ACTION_PROCESSES_LEFT';
    });
    await begun.promise;
    await clock.advance(2000);
    await failed;
    assert.deepEqual(server.states, ['one RUNNING', 'one TIMEOUT']);
  });
});
