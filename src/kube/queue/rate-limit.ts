import type { Clock } from '../../api/time/clock.ts';

export interface RateLimitOptions {
  /** Delay after the first failure of a key; it doubles with each further one. Default 0.005, as in client-go. */
  baseSeconds?: number;
  /** Largest delay of a key. Default 300. */
  maxSeconds?: number;
  /** Retries a second that all keys share. Default 10. */
  retriesPerSecond?: number;
  /** Retries that may come at once before the rate counts. Default 100. */
  burst?: number;
}

/** How long a key that failed has to wait: its own exponential back-off, or a share of all retries if that is longer. */
export class RateLimit {
  readonly #options: Required<RateLimitOptions>;
  readonly #clock: Clock;
  readonly #failures = new Map<string, number>();
  #tokens: number;
  #filledAtMs: number;

  constructor(clock: Clock, options: RateLimitOptions = {}) {
    this.#options = { baseSeconds: 0.005, maxSeconds: 300, retriesPerSecond: 10, burst: 100, ...options };
    this.#clock = clock;
    this.#tokens = this.#options.burst;
    this.#filledAtMs = clock.monotonic();
  }

  /** Counts a failure of `key` and says how long it waits. */
  delaySeconds(key: string): number {
    const { baseSeconds, maxSeconds } = this.#options;
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    return Math.max(Math.min(maxSeconds, baseSeconds * 2 ** failures), this.#reserve());
  }

  failures(key: string): number {
    return this.#failures.get(key) ?? 0;
  }

  /** The key went well. */
  forget(key: string): void {
    this.#failures.delete(key);
  }

  /** Takes one token; the bucket may go below zero, what is missing is the wait. */
  #reserve(): number {
    const { retriesPerSecond, burst } = this.#options;
    const now = this.#clock.monotonic();
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#filledAtMs) / 1000) * retriesPerSecond);
    this.#filledAtMs = now;
    this.#tokens -= 1;
    return this.#tokens >= 0 ? 0 : -this.#tokens / retriesPerSecond;
  }
}
