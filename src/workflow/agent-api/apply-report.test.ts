import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { finishedAnnotation } from '../../api/tinkerbell/v1alpha1/finished-mark.ts';
import { applyReport } from './apply-report.ts';
import { type FakeWorkflowOptions, fakeWorkflow } from './fake-workflow.ts';
import type { Report } from './report.ts';

const nowMs = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
const now = '2026-01-02T03:04:05Z';

function outcome(workflow: FakeWorkflowOptions, report: Partial<Report>) {
  const full: Report = { agentId: 'agent-1', actionId: 'task-1-action-1', state: 'RUNNING', ...report };
  return applyReport(fakeWorkflow(workflow), full, nowMs);
}

/** The status after a report that must be recorded. */
function recorded(workflow: FakeWorkflowOptions, report: Partial<Report>) {
  const result = outcome(workflow, report);
  assert.ok(result.kind === 'record', JSON.stringify(result));
  return { ...fakeWorkflow(workflow).status, ...result.changes };
}

/** `known` or `CODE: reason`. */
function answer(workflow: FakeWorkflowOptions, report: Partial<Report>): string {
  const result = outcome(workflow, report);
  return result.kind === 'refuse' ? `${result.code}: ${result.reason}` : result.kind;
}

const closed = 'FailedPrecondition: Workflow not in pending or running state';

const table: { what: string; workflow: FakeWorkflowOptions; report?: Partial<Report>; expected: string }[] = [
  { what: 'RUNNING of a fresh action', workflow: {}, expected: 'record' },
  { what: 'RUNNING twice', workflow: { state: 'RUNNING', actions: [['RUNNING']] }, expected: 'known' },
  {
    what: 'RUNNING after SUCCESS',
    workflow: { state: 'RUNNING', actions: [['SUCCESS', 'PENDING']] },
    expected: 'known',
  },
  {
    what: 'SUCCESS twice',
    workflow: { state: 'RUNNING', actions: [['SUCCESS', 'PENDING']] },
    report: { state: 'SUCCESS' },
    expected: 'known',
  },
  {
    what: 'SUCCESS after FAILED',
    workflow: { state: 'FAILED', actions: [['FAILED']] },
    report: { state: 'SUCCESS' },
    expected: 'known',
  },
  {
    what: 'FAILED after SUCCESS',
    workflow: { state: 'RUNNING', actions: [['SUCCESS', 'PENDING']] },
    report: { state: 'FAILED' },
    expected: 'known',
  },
  { what: 'SUCCESS whose RUNNING was lost', workflow: {}, report: { state: 'SUCCESS' }, expected: 'record' },
  { what: 'FAILED whose RUNNING was lost', workflow: {}, report: { state: 'FAILED' }, expected: 'record' },
  {
    what: 'SUCCESS after POST',
    workflow: { state: 'POST', actions: [['SUCCESS']] },
    report: { state: 'SUCCESS' },
    expected: 'known',
  },
  {
    what: 'late RUNNING of an action that must not begin any more',
    workflow: { state: 'TIMEOUT', actions: [['PENDING']] },
    expected: closed,
  },
  {
    what: 'late end of an action that had begun',
    workflow: { state: 'TIMEOUT', actions: [['RUNNING']] },
    report: { state: 'FAILED' },
    expected: 'known',
  },
  { what: 'RUNNING while PREPARING', workflow: { state: 'PREPARING' }, expected: closed },
  {
    what: 'finished, with the status of an old backup',
    workflow: { metadata: { name: 'x', annotations: { [finishedAnnotation]: 'SUCCESS' } } },
    expected: closed,
  },
  {
    what: 'an action that was not handed out',
    workflow: {},
    report: { actionId: 'task-1-action-2' },
    expected: 'FailedPrecondition: Action task-1-action-2 was not handed out: task-1-action-1 comes first',
  },
  { what: 'an unknown action', workflow: {}, report: { actionId: 'nobody’s' }, expected: 'NotFound: action not found' },
  {
    what: 'another agent’s action',
    workflow: {},
    report: { agentId: 'agent-2' },
    expected: 'NotFound: action not found',
  },
  { what: 'a status that was lost', workflow: { status: { tasks: [] } }, expected: 'NotFound: action not found' },
];

describe('applyReport', () => {
  for (const { what, workflow, report = {}, expected } of table) {
    it(`${what}: ${expected}`, () => assert.equal(answer(workflow, report), expected));
  }

  it('records the start: the Workflow runs, and everybody sees where', () => {
    const status = recorded({ status: { globalTimeout: 60 } }, { message: 'running action' });
    assert.equal(status.state, 'RUNNING');
    assert.equal(status.globalExecutionStop, '2026-01-02T03:05:05Z');
    const action = status.tasks?.[0]?.actions[0];
    assert.deepEqual([action?.state, action?.executionStart, action?.message], ['RUNNING', now, 'running action']);
    assert.deepEqual(status.currentState, {
      agentID: 'agent-1',
      taskID: 'task-1',
      actionID: 'task-1-action-1',
      state: 'RUNNING',
      actionName: 'task-1-action-1',
      taskName: 'task-1',
    });
  });

  describe('the end of an action whose agent begins the next with the answer', () => {
    const success: Partial<Report> = { state: 'SUCCESS', beginsNext: true };
    const begins = (workflow: FakeWorkflowOptions, report = success) => {
      const result = outcome(workflow, report);
      return [result.kind, result.kind === 'refuse' ? undefined : result.begins?.action.id];
    };

    it('records the start of the next along with it', () => {
      const status = recorded({ state: 'RUNNING', actions: [['RUNNING', 'PENDING']] }, success);
      const [first, second] = status.tasks?.[0]?.actions ?? [];
      assert.deepEqual([first?.state, second?.state, second?.executionStart], ['SUCCESS', 'RUNNING', now]);
      assert.deepEqual([status.state, status.currentState?.actionID], ['RUNNING', 'task-1-action-2']);
    });

    it('begins nothing that belongs to another agent, nothing of a disabled Workflow, nothing after the last', () => {
      const two = { state: 'RUNNING', actions: [['RUNNING'], ['PENDING']] };
      assert.deepEqual(begins(two), ['record', 'task-2-action-1']);
      assert.deepEqual(begins({ ...two, agents: ['agent-1', 'agent-2'] }), ['record', undefined]);
      assert.deepEqual(begins({ ...two, spec: { disabled: true } }), ['record', undefined]);
      assert.deepEqual(begins({ state: 'RUNNING', actions: [['RUNNING']] }), ['record', undefined]);
    });

    it('gives the next again to an agent that reports again, and only what began with that end', () => {
      const known = (actions: string[][], more?: Partial<FakeWorkflowOptions>) =>
        begins({ state: 'RUNNING', actions, ...more });
      assert.deepEqual(known([['SUCCESS', 'RUNNING']]), ['known', 'task-1-action-2']);
      assert.deepEqual(known([['SUCCESS', 'PENDING']]), ['known', undefined]);
      assert.deepEqual(known([['SUCCESS', 'SUCCESS', 'RUNNING']]), ['known', undefined]);
      assert.deepEqual(known([['SUCCESS'], ['RUNNING']], { agents: ['agent-1', 'agent-2'] }), ['known', undefined]);
      const asked = { state: 'RUNNING', actions: [['SUCCESS', 'RUNNING']] };
      assert.deepEqual(begins(asked, { state: 'SUCCESS' }), ['known', undefined]);
    });
  });

  it('hands the Workflow to the agent of the next task in the same write', () => {
    const workflow = { state: 'RUNNING', actions: [['RUNNING'], ['PENDING']], agents: ['agent-1', 'agent-2'] };
    const status = recorded(workflow, { state: 'SUCCESS' });
    assert.deepEqual([status.state, status.agentID], ['RUNNING', 'agent-2']);
  });

  it('names the action when it fails or takes too long, and adds what the agent knows', () => {
    const workflow = { state: 'RUNNING', actions: [['RUNNING', 'PENDING']] };
    const messageOf = (report: Partial<Report>) => {
      const status = recorded(workflow, report);
      return [status.state, status.tasks?.[0]?.actions[0]?.message];
    };
    assert.deepEqual(messageOf({ state: 'FAILED', message: 'action completed' }), [
      'FAILED',
      'action task-1-action-1 failed',
    ]);
    assert.deepEqual(messageOf({ state: 'FAILED', message: 'exit code 3' }), [
      'FAILED',
      'action task-1-action-1 failed: exit code 3',
    ]);
    assert.deepEqual(messageOf({ state: 'TIMEOUT' }), [
      'TIMEOUT',
      'action task-1-action-1 did not end within its timeout of 90 s',
    ]);
  });

  it('§9.4 M reconciler.go:213: says with the first start that the agent waits no more, once', () => {
    const waiting = {
      type: 'AgentStarted',
      status: 'False',
      reason: 'Waiting',
      message: 'agent agent-1 has not begun',
    };
    const { conditions } = recorded({ status: { conditions: [waiting] } }, {});
    assert.deepEqual(
      conditions?.map(({ status, message }) => [status, message]),
      [['True', 'agent agent-1 has begun']],
    );
    const later = { state: 'RUNNING', actions: [['RUNNING']], status: { conditions: conditions ?? [] } };
    const end = outcome(later, { state: 'SUCCESS' });
    assert.ok(end.kind === 'record' && !('conditions' in end.changes));
  });

  it('forgets the progress of what has succeeded, and keeps that of what has not', () => {
    const workflow = { state: 'RUNNING', actions: [['RUNNING']], status: { progress: { actionID: 'x', percent: 40 } } };
    assert.equal(recorded(workflow, { state: 'SUCCESS' }).progress, null);
    assert.equal(recorded(workflow, { state: 'FAILED' }).progress?.percent, 40);
  });

  it('changes nothing of the Workflow it is given', () => {
    const workflow = fakeWorkflow({});
    const before = structuredClone(workflow);
    applyReport(workflow, { agentId: 'agent-1', actionId: 'task-1-action-1', state: 'SUCCESS' }, nowMs);
    assert.deepEqual(workflow, before);
  });

  it('§9.3 H grpc.go:111: nobody reports on what is not its turn, nor in the name of another', () => {
    const workflow = { actions: [['PENDING', 'PENDING'], ['PENDING']], agents: ['agent-1', 'agent-2'] };
    for (const state of ['RUNNING', 'SUCCESS', 'FAILED', 'TIMEOUT'] as const) {
      assert.match(answer(workflow, { state, agentId: 'agent-2' }), /^NotFound/);
      assert.match(answer(workflow, { state, agentId: 'agent-2', actionId: 'task-2-action-1' }), /^FailedPrecondition/);
    }
  });

  it('§9.3 H grpc.go:418: late, doubled and unordered reports never raise what has ended, nor move anything back', () => {
    for (const end of ['FAILED', 'TIMEOUT', 'SUCCESS'] as const) {
      const actions = [['SUCCESS', end]];
      for (const state of ['RUNNING', 'SUCCESS', 'FAILED', 'TIMEOUT'] as const) {
        for (const actionId of ['task-1-action-1', 'task-1-action-2']) {
          assert.equal(answer({ state: end, actions }, { state, actionId }), 'known');
        }
      }
    }
  });

  it('§9.3 H grpc.go:418: the last action alone does not make the Workflow a success', () => {
    const before = { state: 'RUNNING', actions: [['PENDING', 'PENDING']] };
    assert.match(answer(before, { state: 'SUCCESS', actionId: 'task-1-action-2' }), /^FailedPrecondition/);
    const holes = { state: 'RUNNING', actions: [['RUNNING', 'SUCCESS']] };
    assert.equal(recorded(holes, { state: 'SUCCESS' }).state, 'POST');
    const more = { state: 'RUNNING', actions: [['RUNNING'], ['PENDING']] };
    assert.equal(recorded(more, { state: 'SUCCESS' }).state, 'RUNNING');
  });

  it('§9.3 M grpc.go:423: the server has a clock of its own; zero times and clocks of another year are not believed', () => {
    const startOf = (report: Partial<Report>) => recorded({}, report).tasks?.[0]?.actions[0]?.executionStart;
    assert.equal(startOf({}), now);
    assert.equal(startOf({ startMs: Date.UTC(1999, 0) }), now);
    assert.equal(startOf({ startMs: nowMs - 3000 }), '2026-01-02T03:04:02Z');
    const running = { state: 'RUNNING', actions: [['RUNNING']], action: { executionStart: '2026-01-02T03:00:00Z' } };
    const ended = (report: Partial<Report>) => {
      const action = recorded(running, { state: 'SUCCESS', duration: '4m', ...report }).tasks?.[0]?.actions[0];
      return [action?.executionStart, action?.executionStop, action?.executionDuration];
    };
    assert.deepEqual(ended({}), ['2026-01-02T03:00:00Z', now, '4m']);
    assert.deepEqual(ended({ startMs: 1000, stopMs: 2000 }), ['2026-01-02T03:00:00Z', now, '4m']);
    assert.deepEqual(ended({ stopMs: nowMs - 60_000 }), ['2026-01-02T03:00:00Z', '2026-01-02T03:03:05Z', '4m']);
    const lost = recorded({}, { state: 'SUCCESS', startMs: Date.UTC(1999, 0), stopMs: Date.UTC(1999, 0, 2) });
    assert.equal(lost.tasks?.[0]?.actions[0]?.executionStart, now);
  });

  it('§9.3 L grpc.go:412: a Workflow that is deleted is NotFound, so that agents stop reporting', () => {
    const metadata = { name: 'x', deletionTimestamp: now };
    assert.match(answer({ metadata }, { state: 'SUCCESS' }), /^NotFound/);
  });
});
