import type { ObjectMeta } from '../api/meta/object.ts';
import { attemptsAnnotation } from './names.ts';

/** The installations of a machine that failed. */
export interface FailedAttempts {
  count: number;
  /** UID of the Workflow counted last: found again after a crash, it is not counted twice. */
  workflowUid: string;
  /** RFC 3339 time of that. */
  at: string;
  /** What went wrong, for people. */
  reason: string;
}

/** The failed attempts as the annotation on a TinkerbellMachine tells them; what cannot be read counts as none. */
export function failedAttempts({ annotations }: ObjectMeta): FailedAttempts | undefined {
  const text = annotations?.[attemptsAnnotation];
  if (text === undefined) return undefined;
  try {
    const value = JSON.parse(text) as Partial<FailedAttempts> | null;
    const { count, workflowUid, at, reason } = value ?? {};
    if (!Number.isInteger(count) || typeof at !== 'string' || Number.isNaN(Date.parse(at))) return undefined;
    return { count: count as number, workflowUid: String(workflowUid ?? ''), at, reason: String(reason ?? '') };
  } catch {
    return undefined;
  }
}

/** When the next attempt may begin, as wall clock: after a wait that doubles with every failure. */
export function nextAttemptMs({ count, at }: FailedAttempts, retrySeconds: number): number {
  const doublings = Math.min(Math.max(count - 1, 0), 10);
  return Date.parse(at) + retrySeconds * 2 ** doublings * 1000;
}
