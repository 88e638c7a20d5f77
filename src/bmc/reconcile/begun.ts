import type { Job } from '../../api/bmc/v1alpha1/job.ts';
import { finishedMark } from './finished-mark.ts';
import { isFinished } from './progress.ts';

/**
 * The annotation of a Job that is written before its first Task is made: when that was, and the uid the Job had then. A Job
 * that has it with another uid was restored; carried out again it could cut the power of a machine that is at work.
 */
export const begunAnnotation = 'capt.tinkerbell.org/begun';

export interface Begun {
  /** RFC 3339. */
  readonly at: string;
  /** It was begun under this very uid, so its status (of which there may be none yet) was not lost. */
  readonly here: boolean;
}

export function begunText({ metadata }: Job, at: string): string {
  return metadata.uid === undefined ? at : `${at} ${metadata.uid}`;
}

export function begunOf({ metadata }: Job): Begun | undefined {
  const text = metadata.annotations?.[begunAnnotation];
  if (text === undefined) return undefined;
  const [at = '', uid] = text.split(' ');
  return { at, here: uid === metadata.uid };
}

/** True while a Job is carried out: it has begun, has not ended, is not going, and nothing of that is forgotten. */
export function isUnderWay(job: Job): boolean {
  if (job.metadata.deletionTimestamp !== undefined || isFinished(job)) return false;
  if (finishedMark(job.metadata) !== undefined) return false;
  return job.status?.startTime !== undefined || begunOf(job)?.here === true;
}
