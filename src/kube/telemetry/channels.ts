import { channel } from 'node:diagnostics_channel';

/**
 * What the runtime tells about itself. Logs, metrics and tests subscribe; nobody listening costs next to nothing.
 */
class Channel<T> {
  readonly #channel;

  constructor(name: string) {
    this.#channel = channel(`capt.kube.${name}`);
  }

  /** True when somebody listens; worth asking first where messages would be made thousands of times a second. */
  get active(): boolean {
    return this.#channel.hasSubscribers;
  }

  publish(message: T): void {
    if (this.#channel.hasSubscribers) this.#channel.publish(message);
  }

  /** @returns the way to stop listening */
  subscribe(listener: (message: T) => void): () => void {
    const onMessage = (message: unknown) => listener(message as T);
    this.#channel.subscribe(onMessage);
    return () => this.#channel.unsubscribe(onMessage);
  }
}

export type { Channel };

/** One HTTP request to the API server was answered, or failed (`code` is then `<error>`). */
export const requestDone = new Channel<{ method: string; code: string; seconds: number }>('request.done');

/** A reflector met an error and goes on after `retrySeconds`. */
export const reflectorFailed = new Channel<{
  resource: string;
  phase: 'list' | 'watch';
  error: unknown;
  retrySeconds: number;
}>('reflector.failed');

/** A reflector replaced the whole content of its cache. */
export const reflectorListed = new Channel<{ resource: string; items: number; seconds: number }>('reflector.listed');

/** A work queue changed: gauges and counters under the usual workqueue names are made of these. */
export const queueChanged = new Channel<{ queue: string; depth: number }>('queue.changed');
export const queueAdded = new Channel<{ queue: string; retry: boolean }>('queue.added');
export const queueTaken = new Channel<{ queue: string; waitedSeconds: number }>('queue.taken');

/** One reconcile ended. */
export const reconcileDone = new Channel<{
  controller: string;
  key: string;
  result: 'success' | 'requeue' | 'requeue_after' | 'error' | 'terminal_error';
  seconds: number;
  error?: unknown;
  /** The reconciler threw something that is not an expected failure of the API server. */
  panicked?: boolean;
}>('reconcile.done');

/** A controller has its workers; `active` changes as they take and finish keys. */
export const workersChanged = new Channel<{ controller: string; active: number; max: number }>('workers.changed');

/** Leadership was won or lost. */
export const leadershipChanged = new Channel<{ lease: string; identity: string; leading: boolean; reason: string }>(
  'leadership.changed',
);

/** A manager began to start, runs completely, was told to stop, or has ended. */
export const managerChanged = new Channel<{ state: 'starting' | 'started' | 'stopping' | 'stopped' }>(
  'manager.changed',
);

/** Told at intervals while a manager cannot go on with its start. */
export const managerWaiting = new Channel<{ waiting: readonly { what: string; reason: string; since: Date }[] }>(
  'manager.waiting',
);

/** A part of a manager ended with an error; the manager stops. */
export const runnableFailed = new Channel<{ runnable: string; error: unknown }>('runnable.failed');

/** A webhook answered. */
export const admissionDone = new Channel<{ path: string; code: number; allowed: boolean; seconds: number }>(
  'admission.done',
);

/** Something went wrong that nobody can be told otherwise. */
export const runtimeWarning = new Channel<{ what: string; error: unknown }>('warning');
