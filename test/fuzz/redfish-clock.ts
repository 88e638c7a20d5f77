import type { Clock } from '../../src/api/time/clock.ts';

interface Timer {
  at: number;
  callback: () => void;
}

/** A clock on which nobody waits: when nothing else is going on, time jumps to the next timer. */
export class HastyClock implements Clock {
  #nowMs = 0;
  readonly #timers = new Set<Timer>();

  now(): number {
    return Date.UTC(2026, 0, 1) + this.#nowMs;
  }

  monotonic(): number {
    return this.#nowMs;
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer = { at: this.#nowMs + Math.max(0, delayMs), callback };
    this.#timers.add(timer);
    // All promises that are ready run before that; a timer that is still there then is what all wait for.
    setImmediate(() => this.#jump());
    return () => this.#timers.delete(timer);
  }

  /** Timers that nobody cancelled. */
  get pending(): number {
    return this.#timers.size;
  }

  #jump(): void {
    let next: Timer | undefined;
    for (const timer of this.#timers) if (next === undefined || timer.at < next.at) next = timer;
    if (next === undefined) return;
    this.#timers.delete(next);
    this.#nowMs = Math.max(this.#nowMs, next.at);
    next.callback();
  }
}
