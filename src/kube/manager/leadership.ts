import { CaptError } from '../../api/errors/capt-error.ts';
import { type Clock, systemClock } from '../../api/time/clock.ts';
import { type Instant, longestElapsedMs } from './instant.ts';

export interface LeadershipOptions {
  /** `namespace/name` of the lease. */
  lease: string;
  /**
   * How long one renewal lasts. Shorter than the lease, so that a write begun at the last moment has arrived before
   * somebody else may lead.
   */
  validSeconds: number;
  clock?: Clock;
}

/** Whether this process may act as the leader, answered from clocks alone and so right even after a long pause. */
export class Leadership {
  readonly lease: string;
  readonly #validMs: number;
  readonly #clock: Clock;
  #renewed: Instant | undefined;
  #over = false;
  #reason = 'it was not elected yet';

  constructor({ lease, validSeconds, clock = systemClock }: LeadershipOptions) {
    this.lease = lease;
    this.#validMs = validSeconds * 1000;
    this.#clock = clock;
  }

  get leading(): boolean {
    return this.#renewed !== undefined && longestElapsedMs(this.#clock, this.#renewed) < this.#validMs;
  }

  /** When the request of the last successful renewal was sent; `undefined` when this process does not lead. */
  get renewedAt(): Instant | undefined {
    return this.#renewed;
  }

  /**
   * Throws unless this process leads now. Made to be handed around: `client.with({ beforeWrite: leadership.assert })`.
   * @throws CaptError NOT_LEADING
   */
  readonly assert = (): void => {
    if (this.leading) return;
    throw new CaptError('NOT_LEADING', { lease: this.lease, reason: this.#whyNot() });
  };

  /** The election renewed the lease with a request sent at `sent`: before that moment nobody else could have led. */
  renewed(sent: Instant): void {
    // An answer that was under way when it ended changes nothing.
    if (!this.#over) this.#renewed = sent;
  }

  /** The election gives up the lease or lost it: this process does not lead again. */
  ended(reason: string): void {
    this.#over = true;
    this.#renewed = undefined;
    this.#reason = reason;
  }

  #whyNot(): string {
    if (this.#renewed === undefined) return this.#reason;
    const seconds = Math.round(longestElapsedMs(this.#clock, this.#renewed) / 1000);
    return `the lease was last renewed ${seconds} s ago`;
  }
}
