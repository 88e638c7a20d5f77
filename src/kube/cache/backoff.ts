export interface BackoffOptions {
  /** First delay. Default 0.25: a connection that merely broke is back at once. */
  baseSeconds?: number;
  /** Largest delay before jitter. Default 30. */
  maxSeconds?: number;
  /** Default 2. */
  factor?: number;
  /** Share of the delay that is random: 1 makes it 100–200 %. Default 1, as in client-go's reflector. */
  jitter?: number;
  /** Uniform in [0, 1). */
  random?: () => number;
}

/** Exponential back-off with jitter, so that many clients of a server that comes back do not come at once. */
export class Backoff {
  readonly #options: Required<BackoffOptions>;
  #attempts = 0;

  constructor(options: BackoffOptions = {}) {
    this.#options = { baseSeconds: 0.25, maxSeconds: 30, factor: 2, jitter: 1, random: Math.random, ...options };
  }

  /** The delay before the next attempt, in seconds. */
  next(): number {
    const { baseSeconds, maxSeconds, factor, jitter, random } = this.#options;
    const delay = Math.min(maxSeconds, baseSeconds * factor ** this.#attempts);
    this.#attempts += 1;
    return delay * (1 + jitter * random());
  }

  /** The last attempt went well. */
  reset(): void {
    this.#attempts = 0;
  }

  get attempts(): number {
    return this.#attempts;
  }
}
