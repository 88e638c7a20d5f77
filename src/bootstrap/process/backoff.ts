/** How fast something that keeps dying is started again. */
export interface BackoffOptions {
  initialMs: number;
  maxMs: number;
  /** A process that lived this long starts from `initialMs` again. */
  resetAfterMs: number;
}

export const defaultBackoff: BackoffOptions = { initialMs: 250, maxMs: 30_000, resetAfterMs: 30_000 };

/** Exponential back-off: how long to wait before the next start, given how long the last life was. */
export class Backoff {
  readonly #options: BackoffOptions;
  #failures = 0;

  constructor(options: BackoffOptions) {
    this.#options = options;
  }

  /** Milliseconds until the next start, after a process that lived `livedMs`. */
  nextDelayMs(livedMs: number): number {
    const { initialMs, maxMs, resetAfterMs } = this.#options;
    if (livedMs >= resetAfterMs) this.#failures = 0;
    const delay = Math.min(maxMs, initialMs * 2 ** this.#failures);
    this.#failures += 1;
    return delay;
  }
}
