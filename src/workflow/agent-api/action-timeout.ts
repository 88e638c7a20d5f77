import type { WorkflowStatus } from '../../api/tinkerbell/v1alpha1/workflow-status.ts';
import type { WorkflowAction } from '../../api/tinkerbell/v1alpha1/workflow-task.ts';

/** What an action without any limit gets: longer than whatever somebody waits for. */
export const unlimitedSeconds = 7 * 24 * 60 * 60;

/**
 * The seconds an agent gives an action. Templates may leave the timeout out, or say 0, and mean none; agents of the
 * original take 0 for a time that is over already and report TIMEOUT at once. They get what is left of the whole
 * Workflow's time, or a week.
 */
export function actionTimeoutSeconds(status: WorkflowStatus, { timeout = 0 }: WorkflowAction, nowMs: number): number {
  if (timeout > 0) return timeout;
  const { globalTimeout = 0, globalExecutionStop } = status;
  if (globalTimeout <= 0) return unlimitedSeconds;
  const stopMs = Date.parse(globalExecutionStop ?? '');
  const leftSeconds = Number.isNaN(stopMs) ? globalTimeout : Math.ceil((stopMs - nowMs) / 1000);
  return Math.max(1, leftSeconds);
}
