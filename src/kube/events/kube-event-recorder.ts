import { hostname } from 'node:os';
import type { KubeObject } from '../../api/meta/object.ts';
import { type Clock, systemClock } from '../../api/time/clock.ts';
import type { BackoffOptions } from '../cache/backoff.ts';
import type { Client } from '../client/client.ts';
import type { Runnable } from '../manager/runnable.ts';
import { DropReport } from './drop-report.ts';
import type { ReportedEvent } from './event.ts';
import { cutNote, eventName, microTime, referenceTo } from './event-format.ts';
import { EventWriter } from './event-writer.ts';
import type { EventNote, EventRecorder } from './recorder.ts';
import { newSeries, type Series, SeriesMap } from './series.ts';
import { SpamLimit, type SpamLimitOptions } from './spam-limit.ts';

export interface KubeEventRecorderOptions {
  /** Who reports, a qualified name: `capt.example.org/machine-controller`. */
  controller: string;
  /** Which process of it. Default: the host name. */
  instance?: string;
  /** A row of equal events is written at once when its second comes, then at most so often. Default 30. */
  seriesIntervalSeconds?: number;
  /** Equal events that are further apart than this are no row. Default 360, as in client-go. */
  seriesIdleSeconds?: number;
  /** Rows that are remembered. Default 4,096. */
  maxSeries?: number;
  /** Writes that may wait; what comes then is lost. Default 1,000. */
  maxQueued?: number;
  spamLimit?: SpamLimitOptions;
  /** How often one write is tried while the server does not answer. Default 12. */
  maxAttempts?: number;
  retry?: BackoffOptions;
  /** Default 10. */
  requestTimeoutSeconds?: number;
  /** How long a stop may take to write what waits. Default 5. */
  flushTimeoutSeconds?: number;
  clock?: Clock;
}

const maxInstanceLength = 128;

/**
 * Writes events to the API server, in the background: equal ones become one object with a count, an object in trouble is
 * limited, and while the server is away only so many wait. What is lost is counted, and told as a `warning`.
 */
export class KubeEventRecorder implements EventRecorder, Runnable {
  readonly name: string;
  readonly #controller: string;
  readonly #instance: string;
  readonly #seriesIntervalMs: number;
  readonly #flushTimeoutMs: number;
  readonly #clock: Clock;
  readonly #spam: SpamLimit;
  readonly #series: SeriesMap;
  readonly #writer: EventWriter;
  readonly #drops: DropReport;

  constructor(client: Client, options: KubeEventRecorderOptions) {
    const { controller, instance = hostname(), seriesIntervalSeconds = 30, flushTimeoutSeconds = 5 } = options;
    const { seriesIdleSeconds = 360, maxSeries = 4096, spamLimit, clock = systemClock } = options;
    const { maxQueued = 1000, maxAttempts = 12, retry = {}, requestTimeoutSeconds = 10 } = options;
    this.name = `events of ${controller}`;
    this.#controller = controller;
    this.#instance = instance.slice(0, maxInstanceLength);
    this.#seriesIntervalMs = seriesIntervalSeconds * 1000;
    this.#flushTimeoutMs = flushTimeoutSeconds * 1000;
    this.#clock = clock;
    this.#spam = new SpamLimit(clock, spamLimit);
    this.#drops = new DropReport(clock);
    this.#series = new SeriesMap(seriesIdleSeconds * 1000, maxSeries, (series) => this.#writeNow(series));
    this.#writer = new EventWriter(client, {
      ...{ maxQueued, maxAttempts, retry, requestTimeoutSeconds, clock },
      written: (series) => this.#schedule(series),
      lost: (series, cause, error) => this.#lost(series, cause, error),
    });
  }

  /** Events that were lost since the start. */
  get dropped(): number {
    return this.#drops.total;
  }

  event(regarding: KubeObject, note: EventNote): void {
    try {
      this.#observe(regarding, { ...note, note: cutNote(note.note) });
    } catch (error) {
      this.#drops.add('it could not be made', error);
    }
  }

  /** Writes what is recorded, until `signal` aborts; then what waits, for `flushTimeoutSeconds` at most. */
  async run(signal: AbortSignal, ready: () => void = () => {}): Promise<void> {
    const flush = new AbortController();
    let cancelDeadline = () => {};
    const stop = () => {
      cancelDeadline = this.#clock.after(this.#flushTimeoutMs, () => flush.abort());
      for (const series of this.#series.values()) this.#writeNow(series);
      this.#writer.close();
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    ready();
    await this.#writer.run(flush.signal);
    cancelDeadline();
    this.#drops.flush();
  }

  #observe(regarding: KubeObject, note: EventNote): void {
    const now = this.#clock.now();
    const key = seriesKey(regarding, note);
    let series = this.#series.get(key, now);
    const refusal = this.#refusal(regarding, series === undefined);
    if (refusal !== undefined) {
      this.#drops.add(refusal, new Error(`${objectKey(regarding)}: ${note.reason}: ${note.note}`));
      return;
    }
    if (series === undefined) {
      series = newSeries(key, this.#make(regarding, note, now), now);
    } else {
      series.count += 1;
      series.lastObservedMs = now;
    }
    this.#series.touch(series);
    this.#schedule(series);
  }

  /** Why an event is not taken. Repeats cost no token: a row is written at its own pace however often it happens. */
  #refusal(regarding: KubeObject, isNew: boolean): string | undefined {
    if (this.#writer.closed) return 'the recorder is stopped';
    if (isNew && !this.#spam.take(objectKey(regarding))) return 'too many of one object';
    return undefined;
  }

  #make(regarding: KubeObject, { type = 'Normal', reason, action, note, related }: EventNote, nowMs: number) {
    const reference = referenceTo(regarding);
    const event: ReportedEvent = {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      // Events about objects without a namespace live in `default`; the API takes them nowhere else.
      metadata: { name: eventName(reference.name ?? '', nowMs), namespace: reference.namespace ?? 'default' },
      eventTime: microTime(nowMs),
      reportingController: this.#controller,
      reportingInstance: this.#instance,
      ...{ type, reason, action, note },
      regarding: reference,
    };
    return related === undefined ? event : { ...event, related: referenceTo(related) };
  }

  /** Sees to it that the server hears of the newest count: now, or when the row is due again. */
  #schedule(series: Series): void {
    if (series.count === series.written || series.queued || series.cancelTimer !== undefined) return;
    // The first repeat makes a row of it: that is news. From then on it is only a number.
    const waitMs = series.written < 2 ? 0 : series.writtenAtMs + this.#seriesIntervalMs - this.#clock.monotonic();
    if (waitMs <= 0 || this.#writer.closed) this.#writer.add(series);
    else series.cancelTimer = this.#clock.after(waitMs, () => this.#writeNow(series));
  }

  #writeNow(series: Series): void {
    series.cancelTimer?.();
    series.cancelTimer = undefined;
    if (series.count > series.written) this.#writer.add(series);
  }

  #lost(series: Series, cause: string, error: unknown): void {
    this.#series.delete(series);
    const { regarding, reason, note } = series.event;
    const about = `${regarding.kind} ${regarding.namespace ?? ''}/${regarding.name}: ${reason}: ${note}`;
    this.#drops.add(cause, new Error(about, { cause: error }));
  }
}

function seriesKey(regarding: KubeObject, { type = 'Normal', reason, action, note, related }: EventNote): string {
  const other = related === undefined ? '' : objectKey(related);
  return JSON.stringify([objectKey(regarding), type, reason, action, note, other]);
}

function objectKey({ kind, metadata }: KubeObject): string {
  return `${kind} ${metadata.namespace ?? ''}/${metadata.name} ${metadata.uid ?? ''}`.trimEnd();
}
