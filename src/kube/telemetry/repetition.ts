import type { Clock } from '../../api/time/clock.ts';

/** Keys may name objects, or whatever strangers send: beyond so many the one told longest ago is forgotten. */
const maxEntries = 1000;

interface Entry {
  text: string;
  toldAtMs: number;
  held: number;
}

/** Decides what of a thing that repeats itself is worth telling again: what changed, and else once in a while. */
export class Repetition {
  readonly #clock: Clock;
  readonly #everyMs: number;
  readonly #entries = new Map<string, Entry>();

  constructor(clock: Clock, everySeconds: number) {
    this.#clock = clock;
    this.#everyMs = everySeconds * 1000;
  }

  /** @returns how often the same was held back before; `undefined` when this is to be held back as well */
  tell(key: string, text: string): number | undefined {
    const now = this.#clock.monotonic();
    const entry = this.#entries.get(key);
    if (entry?.text === text && now - entry.toldAtMs < this.#everyMs) {
      entry.held += 1;
      return undefined;
    }
    // Taken out and put in again: a Map keeps the order in which its keys came.
    this.#entries.delete(key);
    if (this.#entries.size >= maxEntries) this.#dropOldest();
    this.#entries.set(key, { text, toldAtMs: now, held: 0 });
    return entry?.text === text ? entry.held : 0;
  }

  /** @returns whether there was anything to tell of `key` since it was last forgotten */
  forget(key: string): boolean {
    return this.#entries.delete(key);
  }

  #dropOldest(): void {
    for (const key of this.#entries.keys()) {
      this.#entries.delete(key);
      return;
    }
  }
}
