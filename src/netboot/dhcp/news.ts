import type { Clock } from '../../api/time/clock.ts';

export interface NewsOptions {
  /** The same about the same subject is news again after so long. Default 600. */
  repeatSeconds?: number;
  /** Subjects that are remembered; beyond that the one that was told longest ago is forgotten. Default 4,096. */
  maxSubjects?: number;
  /** Pieces of news a second, in the long run. Default 100. */
  perSecond?: number;
  /** Pieces of news that may come at once. Default 1,000. */
  burst?: number;
}

/**
 * Decides what is worth telling when strangers choose the subjects: what is new about one, and of that only so much a
 * second. Takes the same room and time however many MAC addresses somebody makes up.
 */
export class News {
  readonly #clock: Clock;
  readonly #options: Required<NewsOptions>;
  readonly #told = new Map<string, { text: string; atMs: number }>();
  #budget: number;
  #refilledMs: number;
  #held = 0;

  constructor(clock: Clock, options: NewsOptions = {}) {
    this.#clock = clock;
    this.#options = { repeatSeconds: 600, maxSubjects: 4096, perSecond: 100, burst: 1000, ...options };
    this.#budget = this.#options.burst;
    this.#refilledMs = clock.monotonic();
  }

  /** @returns whether `text` is to be told of `subject`, and how many pieces of news were held back before it */
  tell(subject: string, text: string): { held: number } | undefined {
    const nowMs = this.#clock.monotonic();
    const known = this.#told.get(subject);
    if (known?.text === text && nowMs - known.atMs < this.#options.repeatSeconds * 1000) return undefined;
    if (!this.#afford(nowMs)) {
      this.#held += 1;
      return undefined;
    }
    this.#told.delete(subject);
    this.#told.set(subject, { text, atMs: nowMs });
    if (this.#told.size > this.#options.maxSubjects) {
      const [oldest] = this.#told.keys();
      if (oldest !== undefined) this.#told.delete(oldest);
    }
    const held = this.#held;
    this.#held = 0;
    return { held };
  }

  #afford(nowMs: number): boolean {
    const { perSecond, burst } = this.#options;
    this.#budget = Math.min(burst, this.#budget + ((nowMs - this.#refilledMs) / 1000) * perSecond);
    this.#refilledMs = nowMs;
    if (this.#budget < 1) return false;
    this.#budget -= 1;
    return true;
  }
}
