import { type Clock, sleep } from '../../api/time/clock.ts';
import { Backoff, type BackoffOptions } from '../cache/backoff.ts';
import type { Client } from '../client/client.ts';
import { isReason, KubeConnectionError, KubeError } from '../client/errors.ts';
import type { CallOptions } from '../client/options.ts';
import { ReportedEvent } from './event.ts';
import { eventName, microTime } from './event-format.ts';
import type { Series } from './series.ts';

export interface EventWriterOptions {
  maxQueued: number;
  maxAttempts: number;
  retry: BackoffOptions;
  requestTimeoutSeconds: number;
  clock: Clock;
  written: (series: Series) => void;
  lost: (series: Series, cause: string, error?: unknown) => void;
}

/** Brings series to the API server, one after the other. A server that is away is waited for, within bounds. */
export class EventWriter {
  readonly #client: Client;
  readonly #options: EventWriterOptions;
  readonly #queue: Series[] = [];
  #wake: () => void = () => {};
  #closed = false;

  constructor(client: Client, options: EventWriterOptions) {
    this.#client = client;
    this.#options = options;
  }

  /** True when nothing more is taken. */
  get closed(): boolean {
    return this.#closed;
  }

  add(series: Series): void {
    if (series.queued) return;
    if (this.#queue.length >= this.#options.maxQueued) {
      this.#options.lost(series, 'too many wait for the API server');
      return;
    }
    series.queued = true;
    this.#queue.push(series);
    this.#wake();
  }

  /** Lets `run` end when the queue is empty. */
  close(): void {
    this.#closed = true;
    this.#wake();
  }

  /** Writes until `close` was called and nothing waits, or `signal` aborts. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const series = this.#queue.shift();
      if (series !== undefined) await this.#write(series, signal);
      else if (this.#closed) break;
      else await this.#somethingToDo();
    }
    this.#closed = true;
    for (const series of this.#queue.splice(0)) this.#lose(series, 'the recorder was stopped');
  }

  #somethingToDo(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  async #write(series: Series, signal: AbortSignal): Promise<void> {
    const { clock, maxAttempts, retry } = this.#options;
    const backoff = new Backoff(retry);
    for (;;) {
      const { count } = series;
      try {
        await this.#send(series, signal);
        Object.assign(series, { queued: false, written: count, writtenAtMs: clock.monotonic() });
        this.#options.written(series);
        return;
      } catch (error) {
        if (!isPassing(error)) return this.#lose(series, 'the API server refused it', error);
        const seconds = backoff.next();
        const enough = signal.aborted || backoff.attempts >= maxAttempts;
        if (enough) return this.#lose(series, 'the API server did not answer', error);
        await sleep(clock, seconds * 1000, signal);
      }
    }
  }

  async #send(series: Series, signal: AbortSignal): Promise<void> {
    const { event, count } = series;
    const call = { signal, timeoutSeconds: this.#options.requestTimeoutSeconds };
    const state = count > 1 ? { series: { count, lastObservedTime: microTime(series.lastObservedMs) } } : {};
    if (series.written > 0) {
      if (await this.#patched(event, state, call)) return;
      // Events live for an hour or so; the row goes on in a new one.
      const name = eventName(event.regarding.name ?? '', this.#options.clock.now());
      series.event = { ...event, metadata: { ...event.metadata, name } };
      series.written = 0;
    }
    await this.#create({ ...series.event, ...state }, call);
  }

  async #patched({ metadata }: ReportedEvent, state: object, call: CallOptions): Promise<boolean> {
    const { namespace = '', name = '' } = metadata;
    try {
      await this.#client.mergePatch(ReportedEvent, { namespace, name }, state, call);
      return true;
    } catch (error) {
      if (isReason(error, 'NotFound')) return false;
      throw error;
    }
  }

  async #create(event: ReportedEvent, call: CallOptions): Promise<void> {
    try {
      await this.#client.create(ReportedEvent, event, call);
    } catch (error) {
      // Nobody else makes such names: it is an earlier attempt, whose answer was lost.
      if (!isReason(error, 'AlreadyExists')) throw error;
    }
  }

  #lose(series: Series, cause: string, error?: unknown): void {
    series.queued = false;
    this.#options.lost(series, cause, error);
  }
}

/** The same write may succeed later without anybody changing anything. */
function isPassing(error: unknown): boolean {
  if (error instanceof KubeError) return error.code >= 500 || error.code === 429 || error.code === 401;
  return error instanceof KubeConnectionError || (error instanceof Error && error.name === 'AbortError');
}
