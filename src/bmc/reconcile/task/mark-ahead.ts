import type { Task } from '../../../api/bmc/v1alpha1/task.ts';
import { CaptError } from '../../../api/errors/capt-error.ts';
import type { BmcSettings } from '../settings.ts';
import { type Attempt, attemptAnnotation } from './attempt.ts';
import { operationOf } from './operation-of.ts';

/** True when doing the action of a Task twice does no more than doing it once, and reading the BMC tells whether it is done. */
export function isRepeatable({ spec }: Task, settings: BmcSettings): boolean {
  try {
    return !operationOf(spec?.task, settings).onceOnly;
  } catch (error) {
    if (error instanceof CaptError) return false;
    throw error;
  }
}

/** A Task that says from its beginning that something may have been sent: one write less before each action. */
export function withMarkAhead(task: Task, process: string, nowMs: number): Task {
  const attempt: Attempt = { count: 1, at: new Date(nowMs).toISOString(), before: 'unknown', ahead: process };
  const annotations = { ...task.metadata.annotations, [attemptAnnotation]: JSON.stringify(attempt) };
  return { ...task, metadata: { ...task.metadata, annotations } };
}
