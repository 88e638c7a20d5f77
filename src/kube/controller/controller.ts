import { type Clock, systemClock } from '../../api/time/clock.ts';
import { Deadline } from '../client/deadline.ts';
import { KubeConnectionError, KubeError } from '../client/errors.ts';
import { nameOfKey } from '../client/path.ts';
import type { RateLimitOptions } from '../queue/rate-limit.ts';
import { WorkQueue } from '../queue/work-queue.ts';
import { reconcileDone, workersChanged } from '../telemetry/channels.ts';
import { type Reconcile, type ReconcileContext, type ReconcileResult, TerminalError } from './reconciler.ts';
import type { WatchSource } from './watch-source.ts';

export interface ControllerOptions {
  /** Unique in the process; names its metrics. */
  name: string;
  reconcile: Reconcile;
  watches: WatchSource[];
  /** Keys worked on at the same time. Default 1. */
  concurrency?: number;
  /** A reconcile is aborted after so long. Default 300. */
  reconcileTimeoutSeconds?: number;
  rateLimit?: RateLimitOptions;
  clock?: Clock;
}

/** Runs a reconciler for every key its watches name, one worker a key, until told to stop. */
export class Controller {
  readonly name: string;
  readonly #options: ControllerOptions;
  readonly #queue: WorkQueue;
  readonly #clock: Clock;
  #active = 0;

  constructor(options: ControllerOptions) {
    this.name = options.name;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    const { rateLimit } = options;
    this.#queue = new WorkQueue({ name: options.name, clock: this.#clock, ...(rateLimit ? { rateLimit } : {}) });
  }

  get queue(): WorkQueue {
    return this.#queue;
  }

  /** True when nothing is queued, delayed or being worked on. */
  get idle(): boolean {
    return this.#queue.depth === 0 && this.#queue.delayed === 0 && this.#queue.processing === 0;
  }

  /** Waits for the caches, then works until `signal` aborts and the reconciles under way have ended. */
  async run(signal: AbortSignal): Promise<void> {
    const { watches, concurrency = 1 } = this.#options;
    const stops = watches.map((source) => source.feed(this.#queue));
    const close = () => this.#queue.close();
    signal.addEventListener('abort', close, { once: true });
    try {
      if (signal.aborted) return close();
      await Promise.all(watches.map((source) => source.cache.synced));
      await Promise.all(Array.from({ length: concurrency }, () => this.#work(signal)));
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      signal.removeEventListener('abort', close);
      this.#queue.close();
      for (const stop of stops) stop();
    }
  }

  async #work(signal: AbortSignal): Promise<void> {
    for (let key = await this.#queue.take(); key !== undefined; key = await this.#queue.take()) {
      this.#count(1);
      await this.#reconcile(key, signal);
      this.#queue.done(key);
      this.#count(-1);
    }
  }

  /** Never rejects: whatever a reconciler throws concerns its key alone. */
  async #reconcile(key: string, signal: AbortSignal): Promise<void> {
    const started = this.#clock.monotonic();
    using context = new Context(
      signal,
      this.#options.reconcileTimeoutSeconds ?? 300,
      this.#queue.failures(key),
      this.#clock,
    );
    let outcome: Outcome;
    try {
      outcome = succeeded((await this.#options.reconcile(nameOfKey(key), context)) ?? {});
    } catch (error) {
      outcome = failed(error);
    }
    const { requeue, ...report } = outcome;
    if (requeue === 'rate-limited') this.#queue.addRateLimited(key);
    else this.#queue.forget(key);
    if (typeof requeue === 'number') this.#queue.addAfter(key, requeue);
    const seconds = (this.#clock.monotonic() - started) / 1000;
    if (reconcileDone.active) reconcileDone.publish({ controller: this.name, key, seconds, ...report });
  }

  #count(change: 1 | -1): void {
    this.#active += change;
    if (workersChanged.active)
      workersChanged.publish({ controller: this.name, active: this.#active, max: this.#options.concurrency ?? 1 });
  }
}

/** Makes its deadline when somebody asks for the signal: most reconciles find that there is nothing to do. */
class Context implements ReconcileContext, Disposable {
  readonly failures: number;
  readonly #start: () => Deadline;
  #deadline: Deadline | undefined;

  constructor(parent: AbortSignal, seconds: number, failures: number, clock: Clock) {
    this.failures = failures;
    const startedMs = clock.monotonic();
    this.#start = () => new Deadline(parent, seconds - (clock.monotonic() - startedMs) / 1000, clock);
  }

  get signal(): AbortSignal {
    this.#deadline ??= this.#start();
    return this.#deadline.signal;
  }

  [Symbol.dispose](): void {
    this.#deadline?.[Symbol.dispose]();
  }
}

interface Outcome {
  result: 'success' | 'requeue' | 'requeue_after' | 'error' | 'terminal_error';
  requeue?: 'rate-limited' | number;
  error?: unknown;
  panicked?: boolean;
}

function succeeded({ requeueAfterSeconds }: ReconcileResult): Outcome {
  return requeueAfterSeconds === undefined
    ? { result: 'success' }
    : { result: 'requeue_after', requeue: Math.max(0, requeueAfterSeconds) };
}

function failed(error: unknown): Outcome {
  if (error instanceof TerminalError) return { result: 'terminal_error', error };
  // Losing a race is how optimistic locking works, and no fault.
  if (error instanceof KubeError && error.reason === 'Conflict')
    return { result: 'requeue', requeue: 'rate-limited', error };
  const expected = error instanceof KubeError || error instanceof KubeConnectionError || isAbort(error);
  return { result: 'error', requeue: 'rate-limited', error, ...(expected ? {} : { panicked: isPanic(error) }) };
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'DeadlineExceeded');
}

/** What in Go would be a panic: a bug in the reconciler, not a state of the world. */
function isPanic(error: unknown): boolean {
  return (
    !(error instanceof Error) ||
    error instanceof TypeError ||
    error instanceof RangeError ||
    error instanceof ReferenceError
  );
}
