import type { ReportedEvent } from './event.ts';

/** Equal events, which are one object at the API server. */
export interface Series {
  readonly key: string;
  event: ReportedEvent;
  count: number;
  lastObservedMs: number;
  /** How many of `count` the server knows; 0 means that there is no object yet. */
  written: number;
  /** On the monotonic clock. */
  writtenAtMs: number;
  /** Waits to be written, or is being written. */
  queued: boolean;
  /** Stops the timer of the next write. */
  cancelTimer: (() => void) | undefined;
}

export function newSeries(key: string, event: ReportedEvent, nowMs: number): Series {
  const state = { count: 1, lastObservedMs: nowMs, written: 0, writtenAtMs: 0 };
  return { key, event, ...state, queued: false, cancelTimer: undefined };
}

/** Series that may get another event, by key; those that were quiet for longest are forgotten first. */
export class SeriesMap {
  readonly #series = new Map<string, Series>();
  readonly #idleMs: number;
  readonly #max: number;
  readonly #onForget: (series: Series) => void;

  /** @param onForget told about each series that will get no event any more */
  constructor(idleMs: number, max: number, onForget: (series: Series) => void) {
    this.#idleMs = idleMs;
    this.#max = max;
    this.#onForget = onForget;
  }

  get size(): number {
    return this.#series.size;
  }

  /** The series that goes on with an event at `nowMs`; one that was quiet for long is over. */
  get(key: string, nowMs: number): Series | undefined {
    const series = this.#series.get(key);
    return series !== undefined && nowMs - series.lastObservedMs <= this.#idleMs ? series : undefined;
  }

  /** Puts `series` last in the order of forgetting, in the place of an older one with its key. */
  touch(series: Series): void {
    const old = this.#series.get(series.key);
    this.#series.delete(series.key);
    this.#series.set(series.key, series);
    if (old !== undefined && old !== series) this.#onForget(old);
    this.#forget(series.lastObservedMs);
  }

  delete(series: Series): void {
    if (this.#series.get(series.key) === series) this.#series.delete(series.key);
  }

  values(): Series[] {
    return [...this.#series.values()];
  }

  #forget(nowMs: number): void {
    for (const series of this.#series.values()) {
      const over = nowMs - series.lastObservedMs > this.#idleMs;
      if (!over && this.#series.size <= this.#max) return;
      this.#series.delete(series.key);
      this.#onForget(series);
    }
  }
}
