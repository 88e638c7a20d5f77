import type { WorkflowStatus } from '../../api/tinkerbell/v1alpha1/workflow-status.ts';
import { withCondition } from './workflow-conditions.ts';

/** PENDING, and since when it is the agent that everybody waits for: a machine that never boots shows here. */
export function awaitingAgent(status: WorkflowStatus, nowMs: number): WorkflowStatus {
  const message = `agent ${status.agentID ?? ''} has not begun`;
  const update = { type: 'AgentStarted', status: 'False', reason: 'Waiting', message } as const;
  return withCondition({ ...status, state: 'PENDING' }, update, nowMs);
}

/** The agent has begun; changes nothing where nobody said that it was waited for. */
export function agentArrived(status: WorkflowStatus, nowMs: number): WorkflowStatus {
  const awaited = status.conditions?.some((condition) => condition.type === 'AgentStarted');
  if (!awaited) return status;
  const message = `agent ${status.agentID ?? ''} has begun`;
  return withCondition(status, { type: 'AgentStarted', status: 'True', reason: 'Started', message }, nowMs);
}

/** TIMEOUT: the agent did not begin in the time it had. */
export function agentMissed(status: WorkflowStatus, limitSeconds: number, nowMs: number): WorkflowStatus {
  const message = `agent ${status.agentID ?? ''} did not begin within ${limitSeconds} s: the machine may not have booted the installer`;
  const update = { type: 'AgentStarted', status: 'False', reason: 'TimedOut', message } as const;
  return withCondition({ ...status, state: 'TIMEOUT' }, update, nowMs);
}
