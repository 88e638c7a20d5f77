import type { ObjectMeta } from '../../api/meta/object.ts';
import { type Progress, withoutProgress, withProgress } from './progress.ts';

/**
 * Says how a Job or Task ended. It stands outside the status because backups and `clusterctl move` lose the status, and
 * without it the power of a machine that is at work by now could be cut again (docs/decisions/0014).
 */
export const finishedAnnotation = 'capt.tinkerbell.org/finished';

export interface FinishedMark {
  readonly type: 'Completed' | 'Failed';
  /** Why it has failed. */
  readonly message?: string;
}

/** The value of the annotation: `Completed`, `Failed` or `Failed: why`. */
export function finishedText({ type, message }: FinishedMark): string {
  return type === 'Failed' && message ? `${type}: ${message}` : type;
}

/** How it ended, `undefined` while it has not. A mark of which nobody knows what it means still means the end. */
export function finishedMark({ annotations }: ObjectMeta): FinishedMark | undefined {
  const text = annotations?.[finishedAnnotation];
  if (text === undefined) return undefined;
  if (text === 'Completed') return { type: 'Completed' };
  const message = /^Failed: (.+)$/s.exec(text)?.[1];
  return { type: 'Failed', ...(message === undefined ? {} : { message }) };
}

/** The status of what has the mark of its end and no status that says so. Pure. */
export function statusRestored(status: Progress | undefined, { type, message }: FinishedMark): Progress {
  const ended = withoutProgress(status ?? {}, type === 'Completed' ? 'Failed' : 'Completed');
  const stopped = ended.conditions?.some((condition) => condition.type === 'Running')
    ? withProgress(ended, 'Running', false)
    : ended;
  return withProgress(stopped, type, true, message ?? 'the status was lost after this had ended; it is not done again');
}
