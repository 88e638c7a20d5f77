import type { Clock } from '../../../api/time/clock.ts';
import type { BmcSettings } from '../settings.ts';

/** A token bucket: so many sessions a minute, and a burst of them at once. */
export class Pace {
  readonly #clock: Clock;
  readonly #perMs: number;
  readonly #burst: number;
  #tokens: number;
  #filledAtMs: number;

  constructor(clock: Clock, { sessionsPerMinute, sessionBurst }: BmcSettings) {
    this.#clock = clock;
    this.#perMs = sessionsPerMinute / 60_000;
    this.#burst = sessionBurst;
    this.#tokens = sessionBurst;
    this.#filledAtMs = clock.monotonic();
  }

  /** True when nothing was taken lately. */
  get full(): boolean {
    this.#fill();
    return this.#tokens >= this.#burst;
  }

  /** Takes one token; what it answers is how long to wait for it. */
  takeMs(): number {
    this.#fill();
    this.#tokens -= 1;
    return this.#tokens >= 0 ? 0 : -this.#tokens / this.#perMs;
  }

  #fill(): void {
    const now = this.#clock.monotonic();
    this.#tokens = Math.min(this.#burst, this.#tokens + (now - this.#filledAtMs) * this.#perMs);
    this.#filledAtMs = now;
  }
}
