import { setTimeout as delay } from 'node:timers/promises';

export interface ProgressLimits {
  /** Fails when nothing has moved for so long: a machine with much else to do is slow, but it moves. */
  stalledSeconds: number;
  /** Fails after that, for what moves in a circle. */
  mostSeconds: number;
  /** Between two looks, which cost the API server what it needs for the work itself. Default 0.4. */
  everySeconds?: number;
  clock?: { now(): number; sleep(ms: number): Promise<void> };
}

const realClock = { now: () => performance.now(), sleep: (ms: number) => delay(ms) };

/**
 * Waits until `check` stops throwing, and fails with what it threw last once nothing moves any more. What `state` answers
 * changes as long as something moves.
 */
export async function whileProgressing(
  check: () => Promise<void>,
  state: () => Promise<string> | string,
  { stalledSeconds, mostSeconds, everySeconds = 0.4, clock = realClock }: ProgressLimits,
): Promise<void> {
  const startMs = clock.now();
  let moved = { state: '', atMs: startMs };
  for (;;) {
    try {
      await check();
      return;
    } catch (error) {
      const nowMs = clock.now();
      const now = await state();
      if (now !== moved.state) moved = { state: now, atMs: nowMs };
      if (nowMs - moved.atMs > stalledSeconds * 1000 || nowMs - startMs > mostSeconds * 1000) throw error;
    }
    await clock.sleep(everySeconds * 1000);
  }
}
