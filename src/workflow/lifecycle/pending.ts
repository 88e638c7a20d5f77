import { agentWaitLimit } from '../../api/tinkerbell/v1alpha1/agent-wait-limit.ts';
import type { WorkflowStatus } from '../../api/tinkerbell/v1alpha1/workflow-status.ts';
import { agentMissed, awaitingAgent } from './agent-awaited.ts';
import type { Facts } from './facts.ts';
import { type Step, wait } from './step.ts';

/** PENDING: wait for the agent; for ever, unless the Workflow says how long. */
export function pending({ workflow, nowMs }: Facts): Step {
  const status = workflow.status ?? {};
  const reason = `agent ${status.agentID} has not begun`;
  const limitSeconds = agentWaitLimit(workflow.metadata);
  if (typeof limitSeconds === 'object') return wait(`${reason}; ${limitSeconds.problem}`);
  if (limitSeconds === undefined) return wait(reason);
  const sinceMs = awaitedSince(status);
  // A status of the original, or one that was written by hand, does not say since when: the time begins now.
  if (sinceMs === undefined) return { kind: 'record', status: awaitingAgent(withoutWait(status), nowMs) };
  const untilMs = sinceMs + limitSeconds * 1000;
  if (nowMs < untilMs) return wait(reason, untilMs);
  return { kind: 'record', status: agentMissed(status, limitSeconds, nowMs) };
}

/** Since when, as wall clock, the agent is waited for. */
function awaitedSince({ conditions = [] }: WorkflowStatus): number | undefined {
  const awaited = conditions.find(({ type, status }) => type === 'AgentStarted' && status === 'False');
  const sinceMs = Date.parse(awaited?.time ?? '');
  return Number.isNaN(sinceMs) ? undefined : sinceMs;
}

/** Setting the condition again would change nothing where only its time cannot be read. */
function withoutWait(status: WorkflowStatus): WorkflowStatus {
  const { conditions = [] } = status;
  return { ...status, conditions: conditions.filter(({ type }) => type !== 'AgentStarted') };
}
