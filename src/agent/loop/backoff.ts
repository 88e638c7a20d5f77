import { type Clock, sleep } from '../../api/time/clock.ts';

export interface BackoffOptions {
  readonly clock: Clock;
  /** Default 500. */
  readonly initialMs?: number;
  /** Default 5,000; with the jitter a wait may be half as long again. */
  readonly maxMs?: number;
  /** From 0 to 1. */
  readonly random?: () => number;
}

/** Waits that grow by half, each 50 % shorter to 50 % longer, so that a rack that lost its server does not come back at once. */
export class Backoff {
  readonly #options: BackoffOptions;
  #nextMs: number;

  constructor(options: BackoffOptions) {
    this.#options = options;
    this.#nextMs = this.#initialMs;
  }

  reset(): void {
    this.#nextMs = this.#initialMs;
  }

  async wait(signal: AbortSignal): Promise<void> {
    await sleep(this.#options.clock, this.next(), signal);
  }

  /** Length of the next wait in milliseconds. */
  next(): number {
    const { maxMs = 5000, random = Math.random } = this.#options;
    const ms = this.#nextMs * (0.5 + random());
    this.#nextMs = Math.min(this.#nextMs * 1.5, maxMs);
    return ms;
  }

  get #initialMs(): number {
    return Math.min(this.#options.initialMs ?? 500, this.#options.maxMs ?? 5000);
  }
}
