import { type Clock, sleep } from '../../../api/time/clock.ts';
import { CommandRefused } from '../command/command-refused.ts';
import { completionCode } from '../command/completion.ts';

export interface Patience {
  clock: Clock;
  /** Deadline of all attempts together, in milliseconds. */
  timeoutMs: number;
  /** Pause before the first repetition, in milliseconds; each further one is twice as long, up to eight times. */
  busyPauseMs: number;
  /** What an answer is given at least, in milliseconds: a repetition that had less would look like a dead BMC. */
  answerMs: number;
  signal: AbortSignal;
}

/**
 * Asks again while the BMC says "node busy" (IPMI v2.0 §5.2: it had no resources to process the command, which so has not
 * been carried out). Small BMCs do while they are polled or start up; it tells nothing about their health.
 * @param ask gets what is left of the time, in milliseconds
 * @throws what `ask` throws; CommandRefused with that code when the time is up
 */
export async function patiently<Answer>(
  patience: Patience,
  ask: (timeoutMs: number) => Promise<Answer>,
): Promise<Answer> {
  const { clock, busyPauseMs, answerMs, signal } = patience;
  const endMs = clock.monotonic() + patience.timeoutMs;
  for (let pauseMs = busyPauseMs; ; pauseMs = Math.min(pauseMs * 2, 8 * busyPauseMs)) {
    try {
      return await ask(endMs - clock.monotonic());
    } catch (error) {
      const busy = error instanceof CommandRefused && error.completionCode === completionCode.nodeBusy;
      if (!busy || signal.aborted || clock.monotonic() + pauseMs + answerMs > endMs) throw error;
      await sleep(clock, pauseMs, signal);
      if (signal.aborted) throw error;
    }
  }
}
