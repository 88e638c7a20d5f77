import type { Clock } from '../../api/time/clock.ts';

/** One moment on both clocks. */
export interface Instant {
  readonly monotonicMs: number;
  readonly wallMs: number;
}

export function instantOf(clock: Clock): Instant {
  return { monotonicMs: clock.monotonic(), wallMs: clock.now() };
}

/**
 * How long ago `since` was, on the clock that says longer: the monotonic one stands still while a machine is suspended,
 * the wall clock may be set back.
 */
export function longestElapsedMs(clock: Clock, since: Instant): number {
  return Math.max(clock.monotonic() - since.monotonicMs, clock.now() - since.wallMs);
}
