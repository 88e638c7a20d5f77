import { type Clock, sleep, systemClock } from '../../api/time/clock.ts';
import type { Runnable, Waiting } from './runnable.ts';

export interface RunnableGroupOptions {
  /** Told when a member fails, at any time before it was stopped in good order. */
  onFailure: (error: unknown, runnable: string) => void;
  clock?: Clock;
}

/** Runnables that start together and stop together. One that joins late starts at once. */
export class RunnableGroup {
  readonly name: string;
  readonly #onFailure: (error: unknown, runnable: string) => void;
  readonly #clock: Clock;
  readonly #members: Member[] = [];
  readonly #stop = new AbortController();
  #started = false;

  constructor(name: string, options: RunnableGroupOptions) {
    this.name = name;
    this.#onFailure = options.onFailure;
    this.#clock = options.clock ?? systemClock;
  }

  get started(): boolean {
    return this.#started;
  }

  /** True when all members said so (and those that ended had said so before). */
  get ready(): boolean {
    return this.#started && this.#members.every((member) => member.ready);
  }

  /** @throws TypeError when a member has that name already: nobody could tell the two apart */
  add(runnable: Runnable): void {
    if (this.#members.some((member) => member.runnable.name === runnable.name)) {
      throw new TypeError(`there is a "${runnable.name}" in ${this.name} already`);
    }
    const member = new Member(runnable);
    this.#members.push(member);
    if (this.#started && !this.#stop.signal.aborted) this.#launch(member);
  }

  /** Starts all members; resolves when all are ready, which is never if one fails before. */
  async start(): Promise<void> {
    this.#started = true;
    for (const member of this.#members) this.#launch(member);
    // Members may join while the others start.
    while (!this.ready) await Promise.all(this.#members.map((member) => member.whenReady));
  }

  /** What is not ready yet, and why. */
  waitingFor(): Waiting[] {
    return this.#members.filter((member) => member.running && !member.ready).map((member) => member.describeWait());
  }

  /**
   * Tells all members to stop, and waits for them.
   * @returns the names of those that still run after `seconds`
   */
  async stop(seconds: number): Promise<string[]> {
    this.#stop.abort();
    const waited = new AbortController();
    const ended = Promise.all(this.#members.map((member) => member.ended)).then(() => waited.abort());
    await Promise.race([ended, sleep(this.#clock, seconds * 1000, waited.signal)]);
    return this.#members.filter((member) => member.running).map((member) => member.runnable.name);
  }

  #launch(member: Member): void {
    const { signal } = this.#stop;
    member.ended = (async () => {
      try {
        await member.run(signal, this.#clock.now());
        if (!member.ready && !signal.aborted) throw new Error(`${member.runnable.name} ended before it was ready`);
      } catch (error) {
        // Passing on why it was stopped is a good way to stop.
        if (!(signal.aborted && error === signal.reason)) this.#onFailure(error, member.runnable.name);
      }
    })();
  }
}

class Member {
  readonly runnable: Runnable;
  readonly whenReady: Promise<void>;
  ended: Promise<void> = Promise.resolve();
  ready = false;
  running = false;
  #sinceMs = 0;
  readonly #markReady: () => void;

  constructor(runnable: Runnable) {
    this.runnable = runnable;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.whenReady = promise;
    this.#markReady = () => {
      this.ready = true;
      resolve();
    };
  }

  async run(signal: AbortSignal, nowMs: number): Promise<void> {
    this.#sinceMs = nowMs;
    this.running = true;
    try {
      await this.runnable.run(signal, this.#markReady);
    } finally {
      this.running = false;
    }
  }

  describeWait(): Waiting {
    const reason = this.runnable.waitingFor?.() ?? 'it starts';
    return { what: this.runnable.name, reason, since: new Date(this.#sinceMs) };
  }
}
