import { CaptError } from '../../../api/errors/capt-error.ts';
import type { Attempt } from './attempt.ts';
import type { Operation } from './operation.ts';

/** What is known when a Task ends without having been done. */
export interface Ending {
  bmc: string;
  operation: Pick<Operation, 'what' | 'onceOnly'>;
  attempt: Attempt | undefined;
  /** What was read last, as half a sentence. */
  reading: string | undefined;
  /** What stood in the way at last. */
  cause: string | undefined;
  /** How long the Task was at it. */
  seconds: number;
  nowMs: number;
}

/** Why a Task whose time is over, or that the BMC did not obey, has failed. Pure. */
export function endingError(ending: Ending): CaptError {
  const { bmc, operation, attempt, reading, cause, seconds } = ending;
  const action = operation.what;
  if (attempt === undefined) {
    const details = { bmc, action, seconds: Math.round(seconds), cause: cause ?? reading ?? 'no time was left' };
    return new CaptError('BMC_TASK_TIMEOUT', details);
  }
  const { at } = attempt;
  if (reading === undefined || (operation.onceOnly && !attempt.taken)) {
    return new CaptError('BMC_OUTCOME_UNKNOWN', {
      bmc,
      action,
      at,
      unknown: cause ?? reading ?? 'it was not read back',
    });
  }
  const since = Math.max(0, Math.round((ending.nowMs - Date.parse(at)) / 1000));
  return new CaptError('BMC_NOT_OBEYED', { bmc, action, at, times: timesText(attempt), reading, seconds: since });
}

/** What a Task waits for that has sent something; the same text while nothing changes. */
export function waitingText({
  bmc,
  operation,
  attempt,
  reading,
}: Pick<Ending, 'bmc' | 'operation' | 'attempt' | 'reading'>): string {
  if (attempt === undefined) return `BMC ${bmc} is about to be asked to ${operation.what}`;
  const state = reading === undefined ? '' : `; ${reading}`;
  return `BMC ${bmc} was asked to ${operation.what} (${timesText(attempt)}, last at ${attempt.at})${state}`;
}

function timesText({ count }: Attempt): string {
  return count === 1 ? 'once' : `${count} times`;
}
