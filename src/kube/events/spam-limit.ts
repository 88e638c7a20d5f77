import type { Clock } from '../../api/time/clock.ts';

export interface SpamLimitOptions {
  /** Different events of one object that may come at once. Default 25, as in client-go. */
  burst?: number;
  /** After that, one more each so many seconds. Default 300, as in client-go. */
  refillSeconds?: number;
}

interface Bucket {
  tokens: number;
  filledAtMs: number;
}

/** Objects whose bucket is kept; those that were quiet for longest are forgotten first. */
const maxBuckets = 4096;

/** A token bucket for each object, so that one that is in trouble cannot flood the API server. */
export class SpamLimit {
  readonly #burst: number;
  readonly #refillMs: number;
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Bucket>();

  constructor(clock: Clock, { burst = 25, refillSeconds = 300 }: SpamLimitOptions = {}) {
    this.#clock = clock;
    this.#burst = burst;
    this.#refillMs = refillSeconds * 1000;
  }

  /** Takes a token of `object`; false when there is none. */
  take(object: string): boolean {
    const now = this.#clock.monotonic();
    const { tokens, filledAtMs } = this.#buckets.get(object) ?? { tokens: this.#burst, filledAtMs: now };
    const filled = Math.min(this.#burst, tokens + (now - filledAtMs) / this.#refillMs);
    const allowed = filled >= 1;
    // Set anew, so that the order of the map is that of use.
    this.#buckets.delete(object);
    this.#buckets.set(object, { tokens: allowed ? filled - 1 : filled, filledAtMs: now });
    if (this.#buckets.size > maxBuckets) this.#forgetOldest();
    return allowed;
  }

  #forgetOldest(): void {
    const [oldest] = this.#buckets.keys();
    if (oldest !== undefined) this.#buckets.delete(oldest);
  }
}
