import assert from 'node:assert/strict';
import { createServer, type Server as TcpServer } from 'node:net';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { createServer as createGrpcServer, ServerError, Status } from 'nice-grpc';
import {
  ActionResponse,
  type ActionStatusRequest,
  StateType,
  WorkflowServiceDefinition,
} from '../../api/agent-protocol/workflow.generated.ts';
import { systemClock } from '../../api/time/clock.ts';
import { FakeClock } from '../../api/time/fake-clock.ts';
import { handed } from '../loop/fake-server.ts';
import type { ActionReport } from '../loop/workflow-server.ts';
import { GrpcServer } from './grpc-server.ts';
import { handedAction, reportMessage } from './messages.ts';

const never = new AbortController().signal;
const report: ActionReport = {
  action: handed('one'),
  state: 'SUCCESS',
  startMs: 1000,
  stopMs: 63_500,
  message: 'fine',
};

const empty = ActionResponse.decode(new Uint8Array());
const response = (more: Partial<ActionResponse> = {}): ActionResponse => ({
  ...empty,
  ...{ workflowId: 'ns/wf', taskId: 't', agentId: 'agent', actionId: 'a', name: 'n', image: 'i' },
  ...more,
});

describe('the server over gRPC', () => {
  let grpc: ReturnType<typeof createGrpcServer>;
  let server: GrpcServer;
  let next: () => ActionResponse;
  let told: ActionStatusRequest[];
  let refuse: ServerError | undefined;

  beforeEach(async () => {
    told = [];
    refuse = undefined;
    next = () => response();
    grpc = createGrpcServer();
    grpc.add(WorkflowServiceDefinition, {
      getAction: async () => next(),
      reportActionStatus: async (request) => {
        told.push(request);
        if (refuse !== undefined) throw refuse;
        return request.beginsNext ? { next: next() } : {};
      },
    });
    const port = await grpc.listen('127.0.0.1:0');
    server = new GrpcServer({ address: `127.0.0.1:${port}`, agentId: 'agent', clock: systemClock });
  });

  afterEach(async () => {
    server.close();
    grpc.forceShutdown();
  });

  it('asks and gets an action', async () => {
    next = () =>
      response({
        environment: ['A=b=c', 'EMPTY=', 'BARE', 'A=last'],
        timeout: 90,
        command: ['x'],
        acceptsProgress: true,
      });
    assert.deepEqual(await server.ask(never), {
      kind: 'action',
      action: {
        workflowId: 'ns/wf',
        taskId: 't',
        agentId: 'agent',
        actionId: 'a',
        name: 'n',
        image: 'i',
        timeoutSeconds: 90,
        command: ['x'],
        environment: { A: 'last', EMPTY: '', BARE: '' },
        acceptsProgress: true,
      },
    });
  });

  for (const [code, kind] of [
    [Status.NOT_FOUND, 'none'],
    [Status.FAILED_PRECONDITION, 'none'],
    [Status.INTERNAL, 'failed'],
    [Status.INVALID_ARGUMENT, 'failed'],
    [Status.UNAVAILABLE, 'failed'],
  ] as const) {
    it(`understands ${Status[code]} as ${kind}`, async () => {
      next = () => {
        throw new ServerError(code, 'because');
      };
      assert.deepEqual(await server.ask(never), { kind, reason: `${Status[code]}: because` });
    });
  }

  it('refuses actions that make no sense, or are for another agent', () => {
    assert.equal(handedAction(empty, 'agent'), 'it has no workflow_id, task_id, action_id, image');
    assert.equal(handedAction(response({ agentId: 'other' }), 'agent'), 'it is for agent other');
    const action = handedAction(response({ timeout: -5, environment: ['__proto__=x'] }), 'agent');
    assert.ok(typeof action !== 'string');
    assert.equal(action.timeoutSeconds, 0);
    assert.deepEqual(Object.keys(action.environment), ['__proto__']);
  });

  it('tells how an action ended, in the words of the original', async () => {
    assert.deepEqual(await server.tell(report, never), { kind: 'taken' });
    const [request] = told;
    assert.deepEqual(
      [
        request?.workflowId,
        request?.actionState,
        request?.executionStart,
        request?.executionStop,
        request?.executionDuration,
      ],
      ['default/wf', StateType.STATE_TYPE_SUCCESS, { seconds: 1, nanos: 0 }, { seconds: 63, nanos: 5e8 }, '1m2s'],
    );
    const progress = { bytes: 1, totalBytes: 4, bytesPerSecond: 2, secondsLeft: 2 };
    assert.deepEqual(reportMessage({ ...report, state: 'RUNNING', progress }).progress, {
      bytes: 1,
      totalBytes: 4,
      bytesPerSecond: 2,
      etaSeconds: 2,
    });
  });

  it('gets the next action with the answer to a success', async () => {
    const answer = await server.tell({ ...report, beginsNext: true }, never);
    assert.deepEqual(answer.kind === 'taken' && answer.next?.actionId, 'a');
    next = () => response({ image: '' });
    assert.deepEqual(await server.tell({ ...report, beginsNext: true }, never), { kind: 'taken' });
  });

  for (const [code, text, wanted] of [
    [Status.NOT_FOUND, 'no', 'refused gone'],
    [Status.INVALID_ARGUMENT, 'no', 'refused'],
    [Status.FAILED_PRECONDITION, 'no', 'refused'],
    [Status.INTERNAL, 'error getting workflow: workflows "wf" not found', 'refused gone'],
    [Status.INTERNAL, 'error writing current state', 'unanswered'],
    [Status.UNAVAILABLE, 'not found', 'unanswered'],
  ] as const) {
    it(`understands ${Status[code]} (${text}) to a report as ${wanted}`, async () => {
      refuse = new ServerError(code, text);
      const answer = await server.tell(report, never);
      assert.equal(`${answer.kind}${answer.kind === 'refused' && answer.gone ? ' gone' : ''}`, wanted);
    });
  }

  it('issue tb#700: a server that is silent after its restart costs one deadline, then a new connection is made', async () => {
    const clock = new FakeClock();
    const connections: { destroy: () => void }[] = [];
    const mute: TcpServer = createServer((socket) => void connections.push(socket));
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const { port } = mute.address() as { port: number };
    const silent = new GrpcServer({ address: `127.0.0.1:${port}`, agentId: 'agent', clock });
    try {
      for (let attempt = 1; attempt <= 2; attempt++) {
        const asked = silent.ask(never);
        while (connections.length < attempt) await new Promise((resolve) => setImmediate(resolve));
        await clock.advance(120_000);
        assert.deepEqual(await asked, { kind: 'failed', reason: 'no answer within 120 s' });
      }
    } finally {
      silent.close();
      for (const socket of connections) socket.destroy();
      mute.close();
    }
  });

  it('ends a call at once when it is told to stop, and finds nobody without crashing', async () => {
    const stop = new AbortController();
    stop.abort();
    assert.equal((await server.ask(stop.signal)).kind, 'failed');
    const nobody = new GrpcServer({ address: '127.0.0.1:1', agentId: 'agent', clock: systemClock });
    assert.equal((await nobody.ask(never)).kind, 'failed');
    assert.equal((await nobody.tell(report, never)).kind, 'unanswered');
    nobody.close();
  });
});
