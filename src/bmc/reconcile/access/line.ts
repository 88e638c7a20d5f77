/** Whose work it is: a `task` that somebody waits for goes before a `poll`. */
export type Purpose = 'task' | 'poll';

interface Waiter {
  admit(): void;
}

/** The line in front of one BMC: one is served at a time, tasks before polls, otherwise in the order of arrival. */
export class Line {
  readonly #waiting: Record<Purpose, Waiter[]> = { task: [], poll: [] };
  #busy = false;

  get idle(): boolean {
    return !this.#busy;
  }

  /**
   * Waits for the turn; whoever got it disposes what it got.
   * @throws the reason of `signal` when that aborts first
   */
  async enter(purpose: Purpose, signal: AbortSignal): Promise<Disposable> {
    signal.throwIfAborted();
    if (this.#busy) await this.#wait(purpose, signal);
    this.#busy = true;
    let left = false;
    return {
      [Symbol.dispose]: () => {
        if (!left) this.#next();
        left = true;
      },
    };
  }

  #wait(purpose: Purpose, signal: AbortSignal): Promise<void> {
    const waiting = this.#waiting[purpose];
    return new Promise((resolve, reject) => {
      const waiter = {
        admit: () => {
          signal.removeEventListener('abort', giveUp);
          resolve();
        },
      };
      const giveUp = () => {
        waiting.splice(waiting.indexOf(waiter), 1);
        reject(signal.reason);
      };
      waiting.push(waiter);
      signal.addEventListener('abort', giveUp, { once: true });
    });
  }

  /** The line stays busy when it goes on to a waiter, so that nobody slips in between. */
  #next(): void {
    const next = this.#waiting.task.shift() ?? this.#waiting.poll.shift();
    if (next === undefined) this.#busy = false;
    else next.admit();
  }
}
