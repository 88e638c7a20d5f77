import { writeSync } from 'node:fs';

/** What a contestant, alone in its process, reports as one line of JSON. */
export interface Measured {
  syncedSeconds: number;
  rssMiB: number;
  eventsPerSecond: number;
  cpuMsPer1000Events: number;
}

/** `CONTESTANT.ts KUBECONFIG EVENTS OBJECTS`: with EVENTS 0 it ends when it has synced, else after so many changes. */
export function contestantArguments(): { kubeconfig: string; events: number; objects: number } {
  const [kubeconfig = '', events = '0', objects = '0'] = process.argv.slice(2);
  return { kubeconfig, events: Number(events), objects: Number(objects) };
}

/** Times one contestant: `synced` when its first list is in, `finished` when it has seen every change. */
export class Stopwatch {
  readonly #events: number;
  readonly #startedMs = performance.now();
  #syncedSeconds = 0;
  #rssMiB = 0;
  #syncedMs = 0;
  #cpu = process.cpuUsage();

  constructor(events: number) {
    this.#events = events;
  }

  synced(): void {
    this.#syncedSeconds = (performance.now() - this.#startedMs) / 1000;
    globalThis.gc?.();
    this.#rssMiB = process.memoryUsage().rss / 2 ** 20;
    this.#syncedMs = performance.now();
    this.#cpu = process.cpuUsage();
    if (this.#events === 0) this.finished();
  }

  finished(): never {
    const seconds = (performance.now() - this.#syncedMs) / 1000;
    const { user, system } = process.cpuUsage(this.#cpu);
    const measured: Measured = {
      syncedSeconds: this.#syncedSeconds,
      rssMiB: this.#rssMiB,
      eventsPerSecond: this.#events / seconds,
      cpuMsPer1000Events: (user + system) / this.#events,
    };
    writeSync(1, `${JSON.stringify(measured)}\n`);
    process.exit(0);
  }
}
