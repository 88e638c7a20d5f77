import type { Job } from '../../api/bmc/v1alpha1/job.ts';
import type { Task } from '../../api/bmc/v1alpha1/task.ts';
import type { Change } from '../../kube/cache/change.ts';

/** How far a Job or a Task is, as its status tells. */
export type Progress = NonNullable<Task['status']>;
export type ProgressType = 'Running' | 'Completed' | 'Failed';
export type ProgressCondition = NonNullable<Progress['conditions']>[number];

export function progressOf(status: Progress | undefined, type: ProgressType): ProgressCondition | undefined {
  return status?.conditions?.find((condition) => condition.type === type);
}

export function holds(status: Progress | undefined, type: ProgressType): boolean {
  return progressOf(status, type)?.status === 'True';
}

/** Done or failed: nothing happens to it any more. */
export function isFinished({ status }: Job | Task): boolean {
  return holds(status, 'Completed') || holds(status, 'Failed');
}

/** The status with a condition in it; the very same status when it says so already. */
export function withProgress(status: Progress, type: ProgressType, holding: boolean, message?: string): Progress {
  const next = { type, status: holding ? 'True' : 'False', ...(message ? { message } : {}) };
  const old = progressOf(status, type);
  if (old?.status === next.status && (old.message ?? '') === (message ?? '')) return status;
  const conditions = status.conditions ?? [];
  const index = old === undefined ? conditions.length : conditions.indexOf(old);
  return { ...status, conditions: [...conditions.slice(0, index), next, ...conditions.slice(index + 1)] };
}

export function withoutProgress(status: Progress, type: ProgressType): Progress {
  return { ...status, conditions: (status.conditions ?? []).filter((condition) => condition.type !== type) };
}

/** A predicate for watches: the object has just finished. */
export function finishedNow<T extends Job | Task>(change: Change<T>): boolean {
  return change.type === 'updated' && isFinished(change.object) && !isFinished(change.old);
}
