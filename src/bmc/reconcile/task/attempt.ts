import type { Task } from '../../../api/bmc/v1alpha1/task.ts';

/**
 * The annotation of a Task that is written before anything is sent to a BMC: without it, nothing was ever sent. It is not
 * in the status because it has to survive what loses a status (a restore, a move).
 */
export const attemptAnnotation = 'capt.tinkerbell.org/attempt';

/** What was sent to a BMC, or was about to be. */
export interface Attempt {
  /** How often, this one included. */
  readonly count: number;
  /** RFC 3339 with milliseconds. */
  readonly at: string;
  /** What was read before the first one: a power state, or words for people. */
  readonly before: string;
  /** The BMC said that it took it, or was seen to obey. Absent: nobody knows. */
  readonly taken?: true;
  /**
   * Written when the Task was made, by the process of this id, which alone knows whether it has sent anything since. Only
   * for what may be sent again, and only under a Job, which keeps it from being begun after a restore.
   */
  readonly ahead?: string;
}

/** What the annotation tells; one that cannot be read tells that something was sent. */
export function attemptOf({ metadata }: Task): Attempt | undefined {
  const text = metadata.annotations?.[attemptAnnotation];
  if (text === undefined) return undefined;
  const { count, at, before, taken, ahead } = parse(text);
  return {
    count: typeof count === 'number' ? count : 1,
    at: typeof at === 'string' && !Number.isNaN(Date.parse(at)) ? at : new Date(0).toISOString(),
    before: typeof before === 'string' ? before : 'unknown',
    ...(taken === true ? { taken } : {}),
    ...(typeof ahead === 'string' ? { ahead } : {}),
  };
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
