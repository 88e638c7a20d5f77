import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import {
  type ActionResponse,
  type ActionStatusRequest,
  StateType,
} from '../../api/agent-protocol/workflow.generated.ts';
import { FakeClock } from '../../api/time/fake-clock.ts';
import { runtimeWarning } from '../../kube/telemetry/channels.ts';
import { AgentService, type AgentServiceOptions } from './agent-service.ts';
import { fakeWorkflow } from './fake-workflow.ts';
import { FakeWorkflowServer, refusal } from './fake-workflow-server.ts';
import type { Refusal } from './refusal.ts';

const here = new AbortController().signal;

describe('AgentService', () => {
  function rig(server: FakeWorkflowServer, options: Partial<AgentServiceOptions> = {}) {
    const clock = new FakeClock();
    const common = {
      cache: server.source(),
      client: server.client,
      clock,
      restartedAfterSeconds: Number.POSITIVE_INFINITY,
    };
    const service = new AgentService({ ...common, ...options });
    service.listen();
    const ask = (agentId?: string, signal = here) =>
      service.getAction({ agentId, agentAttributes: undefined }, signal).then(told);
    const report = (actionState: StateType, more: Partial<ActionStatusRequest> = {}, signal = here) =>
      service.report({ ...running, actionState, ...more }, signal).then(told);
    return { clock, service, ask, report };
  }

  const running: ActionStatusRequest = {
    workflowId: 'default/install',
    agentId: 'agent-1',
    taskId: 'task-1',
    actionId: 'task-1-action-1',
    actionState: StateType.STATE_TYPE_RUNNING,
    executionStart: undefined,
    executionStop: undefined,
    message: undefined,
    progress: undefined,
  };

  function told(answer: ActionResponse | Refusal | undefined): string {
    if (answer === undefined) return 'ok';
    return 'code' in answer ? `${answer.code}: ${answer.reason}` : (answer.name ?? '');
  }

  it('answers an agent without work when its time is up, and asks the API server nothing meanwhile', async () => {
    const server = new FakeWorkflowServer(fakeWorkflow({ state: 'PREPARING' }));
    const { clock, ask, service } = rig(server);
    const known = ask('agent-1');
    const unknown = ask('nobody');
    await clock.advance(59_999);
    assert.equal(service.waiting, 2);
    await clock.advance(1);
    assert.equal(await known, 'FailedPrecondition: Workflow is in preparing state');
    assert.equal(await unknown, 'NotFound: no Workflows found');
    assert.deepEqual([service.waiting, clock.pending, server.transport.requests.length], [0, 0, 0]);
  });

  it('ends an action whose agent waits for work: its machine has lost its power', async () => {
    const server = new FakeWorkflowServer(
      fakeWorkflow({ state: 'RUNNING', actions: [['SUCCESS', 'RUNNING', 'PENDING']] }),
    );
    const { clock, ask } = rig(server, { restartedAfterSeconds: 15 });
    const waiting = ask('agent-1');
    await clock.advance(14_999);
    assert.equal(server.writes, 0);
    await clock.advance(1);
    const { status } = server.get('install');
    assert.equal(status?.state, 'FAILED');
    assert.deepEqual(
      status.tasks?.[0]?.actions.map(({ state }) => state),
      ['SUCCESS', 'FAILED', 'PENDING'],
    );
    assert.match(
      status.tasks?.[0]?.actions[1]?.message ?? '',
      /interrupted: its agent asks for work.*\[ACTION_INTERRUPTED\]$/,
    );
    await clock.advance(45_000);
    assert.equal(await waiting, 'NotFound: no Workflows found');
    assert.equal(server.writes, 1);
  });

  it('leaves an action alone whose agent hangs up before it has waited long, or of which another waits', async () => {
    const server = new FakeWorkflowServer(fakeWorkflow({ state: 'RUNNING', actions: [['RUNNING']] }));
    const { clock, ask } = rig(server, { restartedAfterSeconds: 15 });
    for (let times = 0; times < 3; times += 1) {
      const call = new AbortController();
      const waiting = ask('agent-1', call.signal);
      await clock.advance(14_000);
      call.abort();
      assert.equal(await waiting, 'Unavailable: the agent hung up');
    }
    const other = ask('agent-2');
    await clock.advance(60_000);
    assert.equal(await other, 'NotFound: no Workflows found');
    assert.equal(server.writes, 0);
  });

  it('answers at once when a Workflow of the agent changes', async () => {
    const server = new FakeWorkflowServer(fakeWorkflow({ state: 'PREPARING' }));
    const { ask, clock } = rig(server);
    const waiting = ask('agent-1');
    await clock.advance(1000);
    server.put(fakeWorkflow({ name: 'other', agents: ['agent-2'] }));
    server.put(fakeWorkflow({ state: 'PENDING' }));
    assert.equal(await waiting, 'task-1-action-1');
    assert.equal(clock.pending, 0);
  });

  it('§9.3 M grpc.go:126: what cannot get better is refused at once', async () => {
    const { ask, report, clock } = rig(new FakeWorkflowServer(fakeWorkflow()));
    const { STATE_TYPE_RUNNING: run, STATE_TYPE_UNSPECIFIED: none, STATE_TYPE_PENDING: pending } = StateType;
    assert.equal(await ask(undefined), 'InvalidArgument: invalid Agent ID');
    assert.equal(await ask(''), 'InvalidArgument: invalid Agent ID');
    assert.equal(await ask('ä'.repeat(129)), 'InvalidArgument: invalid Agent ID: longer than 256 bytes');
    assert.equal(await report(run, { workflowId: '' }), 'InvalidArgument: invalid workflow id');
    assert.equal(await report(run, { taskId: undefined }), 'InvalidArgument: invalid task name');
    assert.equal(await report(run, { actionId: '' }), 'InvalidArgument: invalid action name');
    assert.equal(await report(none), 'InvalidArgument: invalid action state');
    assert.equal(await report(pending), 'InvalidArgument: invalid action state');
    assert.equal(await report(99 as StateType), 'InvalidArgument: invalid action state');
    assert.match(
      await report(run, { executionDuration: 'x'.repeat(65) }),
      /^InvalidArgument: invalid execution duration/,
    );
    for (const workflowId of ['install', 'a/b/c', 'default/..', 'Default/x', 'a/%2e', `a/${'x'.repeat(254)}`]) {
      assert.match(await report(run, { workflowId }), /^InvalidArgument: invalid workflow id/, workflowId);
    }
    assert.equal(clock.pending, 0);
  });

  it('§9.3 M grpc.go:118: calls share no state that is made on the way', async () => {
    const workflows = Array.from({ length: 50 }, (_, i) => fakeWorkflow({ name: `w-${i}`, agents: [`agent-${i}`] }));
    const { ask } = rig(new FakeWorkflowServer(...workflows));
    const answers = await Promise.all(workflows.map((_, i) => ask(`agent-${i}`)));
    assert.deepEqual(new Set(answers), new Set(['task-1-action-1']));
  });

  it('lets the newer of two calls of one agent replace the older', async () => {
    const { ask, service } = rig(new FakeWorkflowServer());
    const older = ask('agent-1');
    const newer = ask('agent-1');
    assert.equal(await older, 'Unavailable: the agent asked again');
    assert.equal(service.waiting, 1);
    await service.stop();
    assert.equal(await newer, 'Unavailable: server shutting down');
    assert.equal(await ask('agent-1'), 'Unavailable: server shutting down');
  });

  it('refuses more waiting agents than it may hold, but not one that is waiting already', async () => {
    const { ask, service, clock } = rig(new FakeWorkflowServer(), { maxWaitingAgents: 2 });
    const first = [ask('agent-1'), ask('agent-2')];
    await Promise.resolve();
    assert.equal(await ask('agent-3'), 'ResourceExhausted: too many agents are waiting');
    first.push(ask('agent-1'));
    await clock.advance(0);
    await service.stop();
    assert.deepEqual(
      new Set(await Promise.all(first)),
      new Set(['Unavailable: the agent asked again', 'Unavailable: server shutting down']),
    );
    assert.equal(service.waiting, 0);
  });

  it('forgets an agent that hangs up', async () => {
    const { ask, service, clock } = rig(new FakeWorkflowServer());
    const call = new AbortController();
    const answer = ask('agent-1', call.signal);
    await Promise.resolve();
    assert.equal(service.waiting, 1);
    call.abort();
    assert.equal(await answer, 'Unavailable: the agent hung up');
    assert.deepEqual([service.waiting, clock.pending], [0, 0]);
  });

  it('does not record a start that nobody waits for any more', async () => {
    const server = new FakeWorkflowServer(fakeWorkflow());
    const { report } = rig(server);
    assert.match(await report(StateType.STATE_TYPE_RUNNING, {}, AbortSignal.abort()), /^Unavailable/);
    assert.equal(server.writes, 0);
    assert.equal(await report(StateType.STATE_TYPE_SUCCESS, {}, AbortSignal.abort()), 'ok');
    assert.equal(server.writes, 1);
  });

  it('writes twice for an action, however often it is asked and told', async () => {
    const server = new FakeWorkflowServer(fakeWorkflow());
    const { ask, report } = rig(server);
    for (let i = 0; i < 3; i++) assert.equal(await ask('agent-1'), 'task-1-action-1');
    for (let i = 0; i < 3; i++) assert.equal(await report(StateType.STATE_TYPE_RUNNING), 'ok');
    for (let i = 0; i < 3; i++) assert.equal(await report(StateType.STATE_TYPE_SUCCESS), 'ok');
    assert.equal(await report(StateType.STATE_TYPE_RUNNING), 'ok');
    assert.equal(await ask('agent-1'), 'task-1-action-2');
    assert.deepEqual([server.writes, server.transport.requests.length], [2, 2]);
  });

  it('§9.3 L reconciler.go:229: writes nothing over what somebody else wrote meanwhile, but decides anew', async () => {
    const server = new FakeWorkflowServer(fakeWorkflow());
    const { report, clock } = rig(server);
    server.put(fakeWorkflow({ state: 'TIMEOUT' }), { silently: true });
    const answer = report(StateType.STATE_TYPE_RUNNING);
    await clock.advance(1000);
    assert.equal(await answer, 'FailedPrecondition: Workflow not in pending or running state');
    assert.deepEqual([server.writes, server.get('install').status?.state], [0, 'TIMEOUT']);
  });

  describe('an agent of the original, which asks anew when its start is not answered', () => {
    const started = { state: 'RUNNING', actions: [['RUNNING', 'PENDING']] };
    const unanswered = { ...started, status: { unansweredStart: 'task-1-action-1' } };
    const hungUp = () => {
      const agent = new AbortController();
      return { signal: agent.signal, hangUp: () => agent.abort() };
    };

    it('gets its action again from the service that follows one that was killed before it answered', async () => {
      const server = new FakeWorkflowServer(fakeWorkflow());
      const { report } = rig(server);
      void report(StateType.STATE_TYPE_RUNNING);
      while (server.writes === 0) await new Promise(setImmediate);
      const next = rig(server);
      assert.equal(await next.ask('agent-1'), 'task-1-action-1');
      assert.equal(await next.report(StateType.STATE_TYPE_RUNNING), 'ok');
      assert.equal(server.writes, 1);
      const again = next.ask('agent-1');
      await next.clock.advance(60_000);
      assert.match(await again, /was reported as started/);
    });

    it('does not get it again when it was told, from whichever service', async () => {
      const server = new FakeWorkflowServer(fakeWorkflow());
      const { report, ask, clock } = rig(server);
      assert.equal(await report(StateType.STATE_TYPE_RUNNING), 'ok');
      assert.equal(server.get('install').status?.unansweredStart, 'task-1-action-1');
      const same = ask('agent-1');
      await clock.advance(500);
      assert.equal(server.get('install').status?.unansweredStart, undefined);
      const next = rig(server);
      const other = next.ask('agent-1');
      await Promise.all([clock.advance(60_000), next.clock.advance(60_000)]);
      assert.match(await same, /was reported as started/);
      assert.match(await other, /was reported as started/);
    });

    it('gets it again, at once, when it hung up before the answer', async () => {
      const server = new FakeWorkflowServer(fakeWorkflow());
      const { report, ask } = rig(server);
      const { signal, hangUp } = hungUp();
      const answer = report(StateType.STATE_TYPE_RUNNING, {}, signal);
      while (server.writes === 0) await Promise.resolve();
      const waiting = ask('agent-1');
      hangUp();
      await answer;
      assert.equal(await waiting, 'task-1-action-1');
    });

    it('gets it again when the write of its start went wrong, but stands in the status', async () => {
      const server = new FakeWorkflowServer(fakeWorkflow());
      const { report, ask, clock } = rig(server);
      server.faults.push('lost', ...Array(4).fill(refusal(500, 'InternalError')));
      const answer = report(StateType.STATE_TYPE_RUNNING);
      await clock.advance(10_000);
      assert.match(await answer, /^Unavailable/);
      assert.equal(await ask('agent-1'), 'task-1-action-1');
    });

    it('costs no further write when its action is quick, and one that a stop does not skip when it is not', async () => {
      const server = new FakeWorkflowServer(fakeWorkflow());
      const { report, clock, service } = rig(server);
      await report(StateType.STATE_TYPE_RUNNING);
      await report(StateType.STATE_TYPE_SUCCESS);
      assert.equal(server.get('install').status?.unansweredStart, undefined);
      await clock.advance(10_000);
      assert.equal(server.writes, 2);
      await report(StateType.STATE_TYPE_RUNNING, { actionId: 'task-1-action-2' });
      await service.stop();
      assert.equal(server.get('install').status?.unansweredStart, undefined);
      assert.equal(server.writes, 4);
    });

    it('is not what one is that repeats its start: that has been restarted when it asks', async () => {
      const server = new FakeWorkflowServer(fakeWorkflow());
      await rig(server).report(StateType.STATE_TYPE_RUNNING, { repeatsStart: true });
      assert.equal(server.get('install').status?.unansweredStart, undefined);
      const { ask, clock, report } = rig(server);
      const waiting = ask('agent-1');
      await clock.advance(60_000);
      assert.match(await waiting, /was reported as started/);
      assert.equal(await report(StateType.STATE_TYPE_RUNNING, { repeatsStart: true }), 'ok');
      assert.equal(server.writes, 1);
    });

    it('goes on reporting where it was', async () => {
      const server = new FakeWorkflowServer(fakeWorkflow(unanswered));
      const { report } = rig(server);
      assert.equal(await report(StateType.STATE_TYPE_SUCCESS), 'ok');
      const { unansweredStart, tasks } = server.get('install').status ?? {};
      assert.deepEqual([unansweredStart, tasks?.[0]?.actions[0]?.state], [undefined, 'SUCCESS']);
    });
  });

  it('takes progress of a running action beside its reports, without a write of its own for what is quick', async () => {
    const server = new FakeWorkflowServer(fakeWorkflow());
    const { report, clock } = rig(server);
    const progress = { bytes: 1, totalBytes: 4 };
    await report(StateType.STATE_TYPE_RUNNING, { repeatsStart: true });
    assert.equal(await report(StateType.STATE_TYPE_RUNNING, { repeatsStart: true, progress }), 'ok');
    assert.equal(server.writes, 1);
    await clock.advance(5000);
    assert.equal(server.get('install').status?.progress?.percent, 25);
    await report(StateType.STATE_TYPE_RUNNING, { repeatsStart: true, progress });
    await report(StateType.STATE_TYPE_SUCCESS, { repeatsStart: true });
    await clock.advance(60_000);
    assert.deepEqual([server.writes, server.get('install').status?.progress], [3, undefined]);
  });

  it('reads back what became of a write whose answer was lost', async () => {
    const server = new FakeWorkflowServer(fakeWorkflow());
    const { report, clock } = rig(server);
    server.faults.push('lost');
    const answer = report(StateType.STATE_TYPE_RUNNING, { repeatsStart: true });
    await clock.advance(1000);
    assert.equal(await answer, 'ok');
    assert.equal(server.writes, 1);
  });

  it('tells the agent to come again when the API server does not answer, and nothing of what it said', async () => {
    const server = new FakeWorkflowServer(fakeWorkflow());
    const { report, clock } = rig(server);
    const warnings: unknown[] = [];
    const unsubscribe = runtimeWarning.subscribe((warning) => warnings.push(warning));
    server.faults.push(...Array(5).fill(refusal(500, 'InternalError')));
    const answer = report(StateType.STATE_TYPE_RUNNING);
    await clock.advance(10_000);
    assert.equal(await answer, 'Unavailable: the report could not be recorded, send it again');
    server.faults.push(refusal(422, 'Invalid'));
    assert.match(await report(StateType.STATE_TYPE_RUNNING), /^Unavailable/);
    unsubscribe();
    assert.equal(warnings.length, 2);
    assert.equal(await report(StateType.STATE_TYPE_RUNNING), 'ok');
  });

  it('§9.3 L grpc.go:412: a report on a Workflow that is gone is NotFound', async () => {
    const server = new FakeWorkflowServer(fakeWorkflow());
    const { report } = rig(server);
    server.delete('install');
    assert.equal(await report(StateType.STATE_TYPE_SUCCESS), 'NotFound: Workflow not found');
  });

  it('refuses more reports at once than it may hold', async () => {
    const server = new FakeWorkflowServer(fakeWorkflow());
    const { report } = rig(server, { maxReports: 1 });
    const first = report(StateType.STATE_TYPE_RUNNING);
    assert.equal(await report(StateType.STATE_TYPE_RUNNING), 'ResourceExhausted: too many reports are under way');
    assert.equal(await first, 'ok');
  });

  it('§9.3 M discovery.go:57: unknown agents leave nothing behind', async () => {
    const server = new FakeWorkflowServer();
    const { ask, clock, service } = rig(server, { pollSeconds: 1 });
    const answers = Array.from({ length: 500 }, (_, i) => ask(`stranger-${i}`));
    await clock.advance(1000);
    assert.deepEqual(new Set(await Promise.all(answers)), new Set(['NotFound: no Workflows found']));
    assert.deepEqual([service.waiting, clock.pending, server.transport.requests.length], [0, 0, 0]);
  });

  describe('newcomers', () => {
    it('§9.3 M discovery.go:105: are met only when no Workflow concerns the agent', async () => {
      const met: string[] = [];
      const newcomers = {
        met: ({ id }: { id: string }) => {
          met.push(id);
          return Promise.resolve({ code: 'FailedPrecondition' as const, reason: 'not enrolled' });
        },
      };
      const { ask, clock } = rig(new FakeWorkflowServer(fakeWorkflow({ state: 'PREPARING' })), { newcomers });
      const known = ask('agent-1');
      assert.equal(await ask('agent-2'), 'FailedPrecondition: not enrolled');
      await clock.advance(60_000);
      assert.match(await known, /preparing/);
      assert.deepEqual(met, ['agent-2']);
    });

    it('§9.3 M enrollment.go:134: take no time beyond the poll, get their Workflow in it, and wait when meeting fails', async () => {
      const server = new FakeWorkflowServer();
      let calls = 0;
      const newcomers = {
        met: ({ id }: { id: string }) => {
          calls += 1;
          if (id === 'agent-1') return Promise.reject(new Error('no'));
          server.put(fakeWorkflow({ agents: [id] }));
          return Promise.resolve(undefined);
        },
      };
      const { ask, clock } = rig(server, { newcomers });
      assert.equal(await ask('agent-2'), 'task-1-action-1');
      const failed = ask('agent-1');
      await clock.advance(60_000);
      assert.equal(await failed, 'NotFound: no Workflows found');
      assert.equal(calls, 2);
    });
  });
});
