import { timestamp } from '../../api/time/timestamp.ts';
import type { Workflow } from '../../api/tinkerbell/v1alpha1/workflow.ts';
import type { ActionProgressStatus } from '../../api/tinkerbell/v1alpha1/workflow-status.ts';
import { actionStateOf } from './action-state.ts';
import type { Refusal } from './refusal.ts';
import type { Report } from './report.ts';
import { findAction } from './turn.ts';

/** What becomes of a report on progress: `stale` says nothing new, but is no fault of the agent. */
export type ProgressVerdict = 'fresh' | 'stale' | Refusal;

/** NotFound tells the agent that nobody wants its action any more. */
export function judgeProgress(workflow: Workflow | undefined, { agentId, actionId }: Report): ProgressVerdict {
  if (workflow === undefined) return { code: 'NotFound', reason: 'Workflow not found' };
  const { metadata, status = {} } = workflow;
  if (metadata.deletionTimestamp !== undefined) return { code: 'NotFound', reason: 'Workflow is being deleted' };
  const turn = findAction(status, agentId, actionId);
  if (turn === undefined) return { code: 'NotFound', reason: 'action not found' };
  return actionStateOf(turn.action) === 'RUNNING' ? 'fresh' : 'stale';
}

/** As `status.progress` holds it. */
export function progressStatus({ actionId, progress = {}, message }: Report, nowMs: number): ActionProgressStatus {
  const { bytes = 0, totalBytes = 0 } = progress;
  return {
    actionID: actionId,
    ...progress,
    ...(totalBytes > 0 ? { percent: Math.min(100, Math.floor((bytes / totalBytes) * 100)) } : {}),
    ...(message === undefined ? {} : { message }),
    time: timestamp(nowMs),
  };
}
