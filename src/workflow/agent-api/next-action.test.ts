import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { finishedAnnotation } from '../../api/tinkerbell/v1alpha1/finished-mark.ts';
import { unlimitedSeconds } from './action-timeout.ts';
import { type FakeWorkflowOptions, fakeWorkflow } from './fake-workflow.ts';
import { nextAction } from './next-action.ts';

const nowMs = Date.UTC(2026, 0, 1, 1);
const untold = { nowMs, told: () => false };

/** The action that `agent-1` gets from these Workflows, or why it waits. */
function asked(...workflows: FakeWorkflowOptions[]): string {
  const next = nextAction(workflows.map(fakeWorkflow), 'agent-1', untold);
  if (next.kind === 'wait') return `${next.code}: ${next.reason}`;
  return `${next.response.workflowId} ${next.response.name}`;
}

const done = { state: 'SUCCESS', actions: [['SUCCESS']] };
const begun = 'Action task-1-action-1 was reported as started and has not ended';

const table: { what: string; workflows: FakeWorkflowOptions[]; expected: string }[] = [
  { what: 'nothing there', workflows: [], expected: 'NotFound: no Workflows found' },
  { what: 'another agent’s', workflows: [{ agents: ['agent-2'] }], expected: 'NotFound: no Workflows found' },
  { what: 'a fresh one', workflows: [{}], expected: 'default/install task-1-action-1' },
  {
    what: 'the first action done',
    workflows: [{ state: 'RUNNING', actions: [['SUCCESS', 'PENDING']] }],
    expected: 'default/install task-1-action-2',
  },
  {
    what: 'an action reported as started',
    workflows: [{ state: 'RUNNING', actions: [['RUNNING', 'PENDING']] }],
    expected: `FailedPrecondition: ${begun}`,
  },
  {
    what: 'one half through: no other begins on this machine',
    workflows: [{ state: 'RUNNING', actions: [['RUNNING']], createdSecond: 9 }, { name: 'wipe' }],
    expected: `FailedPrecondition: ${begun}`,
  },
  {
    what: 'an action that failed',
    workflows: [{ state: 'RUNNING', actions: [['FAILED', 'PENDING']] }],
    expected: 'FailedPrecondition: Action task-1-action-1 has ended with FAILED',
  },
  {
    what: 'all done but not yet recorded as such',
    workflows: [{ state: 'RUNNING', actions: [['SUCCESS']] }],
    expected: 'NotFound: no Actions found',
  },
  {
    what: 'the task of another agent comes first',
    workflows: [{ actions: [['PENDING'], ['PENDING']], agents: ['agent-2', 'agent-1'] }],
    expected: 'NotFound: Task not assigned to Agent: task task-1 of another comes first',
  },
  {
    what: 'the task of another agent is done',
    workflows: [{ state: 'RUNNING', actions: [['SUCCESS'], ['PENDING']], agents: ['agent-2', 'agent-1'] }],
    expected: 'default/install task-2-action-1',
  },
  {
    what: 'a task without actions counts as done',
    workflows: [{ actions: [[], ['PENDING']] }],
    expected: 'default/install task-2-action-1',
  },
  {
    what: 'PREPARING',
    workflows: [{ state: 'PREPARING' }],
    expected: 'FailedPrecondition: Workflow is in preparing state',
  },
  {
    what: 'not rendered',
    workflows: [{ state: '', status: { tasks: [] } }],
    expected: 'NotFound: no Tasks found in Workflow',
  },
  {
    what: 'disabled',
    workflows: [{ spec: { disabled: true } }],
    expected: 'FailedPrecondition: Workflow is disabled',
  },
  {
    what: 'being deleted',
    workflows: [{ metadata: { name: 'install', deletionTimestamp: '2026-01-01T00:00:00Z' } }],
    expected: 'FailedPrecondition: Workflow is being deleted',
  },
  {
    what: 'finished, but its status comes from an old backup',
    workflows: [{ metadata: { name: 'install', annotations: { [finishedAnnotation]: 'SUCCESS' } } }],
    expected: 'FailedPrecondition: Workflow not in pending or running state',
  },
  {
    what: 'finished',
    workflows: [done],
    expected: 'FailedPrecondition: Workflow not in pending or running state',
  },
  {
    what: 'the spelling of older releases',
    workflows: [{ state: 'STATE_RUNNING', actions: [['STATE_SUCCESS', 'STATE_PENDING']] }],
    expected: 'default/install task-1-action-2',
  },
  {
    what: 'several: RUNNING before PENDING',
    workflows: [
      { name: 'older', createdSecond: 1 },
      { name: 'newer', createdSecond: 2, state: 'RUNNING', actions: [['SUCCESS', 'PENDING']] },
    ],
    expected: 'default/newer task-1-action-2',
  },
  {
    what: 'several: the oldest first, by name when of the same second',
    workflows: [
      { name: 'c', createdSecond: 1 },
      { name: 'b', createdSecond: 1 },
      { name: 'a', createdSecond: 2 },
    ],
    expected: 'default/b task-1-action-1',
  },
  {
    what: 'several: one that waits for another agent does not hold up',
    workflows: [
      { name: 'two', state: 'RUNNING', actions: [['RUNNING'], ['PENDING']], agents: ['agent-2', 'agent-1'] },
      { name: 'one', createdSecond: 5 },
    ],
    expected: 'default/one task-1-action-1',
  },
];

describe('nextAction', () => {
  for (const { what, workflows, expected } of table) {
    it(`${what}: ${expected}`, () => assert.equal(asked(...workflows), expected));
  }

  it('gives the same again until it is reported as started, whatever the order of the list', () => {
    const workflows = [{ name: 'a' }, { name: 'b' }].map(fakeWorkflow);
    const first = nextAction(workflows, 'agent-1', untold);
    assert.deepEqual(nextAction([...workflows].reverse(), 'agent-1', untold), first);
  });

  it('§9.3 H grpc.go:193: an old finished Workflow never shadows a pending one, in whatever order they are listed', () => {
    for (const state of ['SUCCESS', 'FAILED', 'TIMEOUT', 'POST']) {
      const old = { ...done, state, name: 'old' };
      const young = { name: 'young', createdSecond: 60 };
      assert.equal(asked(old, young), 'default/young task-1-action-1');
      assert.equal(asked(young, old), 'default/young task-1-action-1');
    }
  });

  it('§9.3 M grpc.go:370: a task is done when all its actions are, not when its last one is', () => {
    const agents = ['agent-1', 'agent-1'];
    const actions = [['SUCCESS', 'PENDING', 'SUCCESS'], ['PENDING']];
    assert.equal(asked({ state: 'RUNNING', actions, agents }), 'default/install task-1-action-2');
  });

  it('§9.3 L grpc.go:279: task volumes come first, the environment of the action wins, and the Workflow stays as it is', () => {
    const workflow = fakeWorkflow({
      task: { volumes: ['/dev:/dev'], environment: { B: 'task', C: 'task', __proto__x: '1' } },
    });
    const action = workflow.status?.tasks?.[0]?.actions[0];
    Object.assign(action ?? {}, {
      volumes: ['/lib:/lib:ro'],
      environment: { B: 'action', A: '=x' },
      command: ['a', 'b'],
      pid: 'host',
    });
    const before = structuredClone(workflow);
    const next = nextAction([workflow], 'agent-1', untold);
    assert.ok(next.kind === 'action');
    assert.deepEqual(next.response, {
      workflowId: 'default/install',
      taskId: 'task-1',
      agentId: 'agent-1',
      actionId: 'task-1-action-1',
      name: 'task-1-action-1',
      image: 'quay.io/tinkerbell/actions/cexec:latest',
      timeout: 90,
      command: ['a', 'b'],
      volumes: ['/dev:/dev', '/lib:/lib:ro'],
      environment: ['A==x', 'B=action', 'C=task', '__proto__x=1'],
      pid: 'host',
      namespaces: undefined,
      acceptsProgress: true,
    });
    assert.deepEqual(workflow, before);
  });

  it('hands a start that nobody heard of out again: its agent has dropped the action; but none that this process told', () => {
    const workflow = fakeWorkflow({
      state: 'RUNNING',
      actions: [['SUCCESS', 'RUNNING']],
      status: { unansweredStart: 'task-1-action-2' },
    });
    const next = nextAction([workflow], 'agent-1', untold);
    assert.equal(next.kind === 'action' && next.response.actionId, 'task-1-action-2');
    const told = nextAction([workflow], 'agent-1', { nowMs, told: (_, id) => id === 'task-1-action-2' });
    assert.match(told.kind === 'wait' ? told.reason : '', /was reported as started/);
    const stale = { ...workflow, status: { ...workflow.status, unansweredStart: 'task-1-action-1' } };
    assert.equal(nextAction([stale], 'agent-1', untold).kind, 'wait');
  });

  it('§9.4 L template_validator.go:53: an action without a timeout gets what is left, never a time that is over', () => {
    const timeoutOf = (timeout: number, status: object = {}) => {
      const next = nextAction([fakeWorkflow({ action: { timeout }, status })], 'agent-1', untold);
      return next.kind === 'action' ? next.response.timeout : undefined;
    };
    const stop = (seconds: number) => new Date(nowMs + seconds * 1000).toISOString();
    assert.equal(timeoutOf(90, { globalTimeout: 10 }), 90);
    assert.equal(timeoutOf(0), unlimitedSeconds);
    assert.equal(timeoutOf(-1), unlimitedSeconds);
    assert.equal(timeoutOf(0, { globalTimeout: 600 }), 600);
    assert.equal(timeoutOf(0, { globalTimeout: 600, globalExecutionStop: stop(20) }), 20);
    assert.equal(timeoutOf(0, { globalTimeout: 600, globalExecutionStop: stop(-20) }), 1);
  });

  it('§9.4 M reconciler.go:152: one that is disabled after its start gets no further action', () => {
    const disabled = { spec: { disabled: true }, state: 'RUNNING', actions: [['SUCCESS', 'PENDING']] };
    assert.equal(asked(disabled), 'FailedPrecondition: Workflow is disabled');
    assert.equal(asked({ ...disabled, spec: {} }), 'default/install task-1-action-2');
  });

  it('lets namespaces.pid win over pid', () => {
    const next = nextAction(
      [fakeWorkflow({ action: { pid: 'host', namespaces: { pid: 'container:x' } } })],
      'agent-1',
      untold,
    );
    assert.ok(next.kind === 'action');
    assert.equal(next.response.pid, 'container:x');
    assert.deepEqual(next.response.namespaces, { network: '', pid: 'container:x' });
  });
});
