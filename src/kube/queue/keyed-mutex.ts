/** Lets one piece of work at a time through for each key, in the order in which they came. */
export class KeyedMutex {
  readonly #tails = new Map<string, Promise<unknown>>();

  /** Keys that are worked on. */
  get size(): number {
    return this.#tails.size;
  }

  /** Runs `work` when all that came before it under `key` has ended, well or not. */
  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(key) ?? Promise.resolve();
    const mine = before.then(work);
    const tail = mine.catch(() => {});
    this.#tails.set(key, tail);
    try {
      return await mine;
    } finally {
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    }
  }
}
