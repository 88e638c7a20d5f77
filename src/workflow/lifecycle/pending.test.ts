import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { agentWaitLimitAnnotation } from '../../api/tinkerbell/v1alpha1/agent-wait-limit.ts';
import type { WorkflowStatus } from '../../api/tinkerbell/v1alpha1/workflow-status.ts';
import { awaitingAgent } from './agent-awaited.ts';
import { decide } from './decide.ts';
import { fakeFacts, startMs } from './fake-facts.ts';

const waiting = awaitingAgent({ agentID: 'agent-1' }, startMs);

function step(limit: string | undefined, afterSeconds: number, status: WorkflowStatus = waiting) {
  const annotations = limit === undefined ? {} : { [agentWaitLimitAnnotation]: limit };
  return decide(fakeFacts({ status, annotations, nowMs: startMs + afterSeconds * 1000 }));
}

describe('§9.4 M reconciler.go:213: a Workflow that waits for its agent', () => {
  it('waits for ever when nobody says how long', () => {
    for (const limit of [undefined, '0']) {
      assert.deepEqual(step(limit, 1e9), { kind: 'wait', reason: 'agent agent-1 has not begun' });
    }
  });

  it('comes back when the time is over, and ends with TIMEOUT', () => {
    const rest = step('60', 59);
    assert.deepEqual(rest, { kind: 'wait', reason: 'agent agent-1 has not begun', untilMs: startMs + 60_000 });
    const end = step('60', 60);
    assert.ok(end.kind === 'record');
    assert.equal(end.status.state, 'TIMEOUT');
    const [condition] = end.status.conditions ?? [];
    assert.equal(condition?.reason, 'TimedOut');
    assert.match(condition?.message ?? '', /^agent agent-1 did not begin within 60 s/);
  });

  it('counts from the first look when the status does not say since when', () => {
    for (const time of [undefined, 'yesterday']) {
      const conditions = [
        { type: 'AgentStarted', status: 'False', reason: 'Waiting', message: 'm', ...(time && { time }) },
      ];
      const first = step('60', 1000, { state: 'PENDING', agentID: 'agent-1', conditions });
      assert.ok(first.kind === 'record');
      assert.equal(first.status.state, 'PENDING');
      assert.equal(step('60', 1059, first.status).kind, 'wait');
      assert.equal(step('60', 1060, first.status).kind, 'record');
    }
  });

  it('waits for ever and says why when the limit cannot be read', () => {
    for (const limit of ['', '-1', '30m', '1e3', '9999999999']) {
      const rest = step(limit, 1e9);
      assert.ok(rest.kind === 'wait' && rest.untilMs === undefined);
      assert.match(rest.reason, /agent-wait-limit-seconds has to be a whole number of seconds/);
    }
  });

  it('does not count once the agent has begun', () => {
    assert.equal(step('60', 1e6, { state: 'RUNNING', agentID: 'agent-1' }).kind, 'wait');
  });
});
