import { type Clock, systemClock } from '../../api/time/clock.ts';
import { queueAdded, queueChanged, queueTaken } from '../telemetry/channels.ts';
import { DelayHeap } from './delay-heap.ts';
import { RateLimit, type RateLimitOptions } from './rate-limit.ts';

/** `low` is for what nobody waits for, such as the objects of the first list; it runs when nothing else does. */
export type Priority = 'normal' | 'low';

export interface WorkQueueOptions {
  name?: string;
  rateLimit?: RateLimitOptions;
  clock?: Clock;
}

/**
 * Keys to work on. A key is in it once however often it is added, and never with two workers at a time: added while
 * a worker has it, it comes again after `done`.
 */
export class WorkQueue {
  readonly #name: string;
  readonly #clock: Clock;
  readonly #rateLimit: RateLimit;
  readonly #normal = new Map<string, number>();
  readonly #low = new Map<string, number>();
  readonly #processing = new Set<string>();
  readonly #again = new Map<string, Priority>();
  readonly #delayed = new DelayHeap();
  readonly #waiters: ((key: string | undefined) => void)[] = [];
  #cancelTimer: () => void = () => {};
  #closed = false;

  constructor(options: WorkQueueOptions = {}) {
    this.#name = options.name ?? '';
    this.#clock = options.clock ?? systemClock;
    this.#rateLimit = new RateLimit(this.#clock, options.rateLimit);
  }

  /** Keys that could be taken now. */
  get depth(): number {
    return this.#normal.size + this.#low.size;
  }

  /** Keys that wait for their time. */
  get delayed(): number {
    return this.#delayed.size;
  }

  /** Keys that workers have. */
  get processing(): number {
    return this.#processing.size;
  }

  get closed(): boolean {
    return this.#closed;
  }

  add(key: string, priority: Priority = 'normal'): void {
    if (this.#closed) return;
    if (queueAdded.active) queueAdded.publish({ queue: this.#name, retry: false });
    this.#enqueue(key, priority);
  }

  /** Adds the key after a while, or earlier if it is added otherwise. */
  addAfter(key: string, seconds: number): void {
    if (this.#closed) return;
    if (seconds <= 0) {
      this.add(key);
    } else {
      this.#delayed.add(key, this.#clock.monotonic() + seconds * 1000);
      this.#arm();
    }
  }

  /** Adds the key after a delay that grows with each failure until `forget`. */
  addRateLimited(key: string): void {
    if (queueAdded.active) queueAdded.publish({ queue: this.#name, retry: true });
    this.addAfter(key, this.#rateLimit.delaySeconds(key));
  }

  forget(key: string): void {
    this.#rateLimit.forget(key);
  }

  failures(key: string): number {
    return this.#rateLimit.failures(key);
  }

  /** Takes the next key, waiting for one; `undefined` once the queue is closed. Every key taken must be `done`. */
  take(): Promise<string | undefined> {
    if (this.#closed) return Promise.resolve(undefined);
    const key = this.#takeNext();
    return key === undefined ? new Promise((resolve) => this.#waiters.push(resolve)) : Promise.resolve(key);
  }

  done(key: string): void {
    this.#processing.delete(key);
    const priority = this.#again.get(key);
    this.#again.delete(key);
    if (priority !== undefined && !this.#closed) this.#enqueue(key, priority);
  }

  /** No key goes in or out any more; waiting workers are sent home. */
  close(): void {
    this.#closed = true;
    this.#cancelTimer();
    this.#delayed.clear();
    this.#normal.clear();
    this.#low.clear();
    this.#again.clear();
    for (const wake of this.#waiters.splice(0)) wake(undefined);
  }

  #enqueue(key: string, priority: Priority): void {
    if (this.#processing.has(key)) {
      if (this.#again.get(key) !== 'normal') this.#again.set(key, priority);
      return;
    }
    if (this.#normal.has(key)) return;
    if (priority === 'normal') {
      const since = this.#low.get(key) ?? this.#clock.monotonic();
      this.#low.delete(key);
      this.#normal.set(key, since);
    } else if (!this.#low.has(key)) {
      this.#low.set(key, this.#clock.monotonic());
    }
    this.#handOut();
    if (queueChanged.active) queueChanged.publish({ queue: this.#name, depth: this.depth });
  }

  #handOut(): void {
    if (this.#waiters.length === 0) return;
    const key = this.#takeNext();
    if (key !== undefined) this.#waiters.shift()?.(key);
  }

  #takeNext(): string | undefined {
    const lane = this.#normal.size > 0 ? this.#normal : this.#low;
    const [entry] = lane;
    if (entry === undefined) return undefined;
    const [key, sinceMs] = entry;
    lane.delete(key);
    this.#processing.add(key);
    // What comes now covers what was asked for later.
    this.#delayed.delete(key);
    if (queueTaken.active)
      queueTaken.publish({ queue: this.#name, waitedSeconds: (this.#clock.monotonic() - sinceMs) / 1000 });
    if (queueChanged.active) queueChanged.publish({ queue: this.#name, depth: this.depth });
    return key;
  }

  #arm(): void {
    this.#cancelTimer();
    const next = this.#delayed.nextAtMs;
    if (next === undefined) return;
    this.#cancelTimer = this.#clock.after(next - this.#clock.monotonic(), () => this.#release());
  }

  #release(): void {
    // A timer may fire a fraction of a millisecond early.
    const now = this.#clock.monotonic() + 1;
    for (let key = this.#delayed.takeDue(now); key !== undefined; key = this.#delayed.takeDue(now)) {
      this.add(key);
    }
    this.#arm();
  }
}
