import type { Clock } from '../../api/time/clock.ts';
import { runtimeWarning } from '../telemetry/channels.ts';

/** A cause that goes on is told about so often, with the number of events it cost. */
const intervalMs = 60_000;

/** Counts events that were lost, and says so without becoming a flood itself. */
export class DropReport {
  readonly #clock: Clock;
  readonly #untold = new Map<string, { count: number; last: unknown }>();
  readonly #toldAtMs = new Map<string, number>();
  #total = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get total(): number {
    return this.#total;
  }

  /** @param error what is known about this one */
  add(cause: string, error: unknown): void {
    this.#total += 1;
    this.#untold.set(cause, { count: (this.#untold.get(cause)?.count ?? 0) + 1, last: error });
    const toldAt = this.#toldAtMs.get(cause);
    if (toldAt === undefined || this.#clock.monotonic() - toldAt >= intervalMs) this.#tell(cause);
  }

  /** Tells what has not been told yet. */
  flush(): void {
    for (const cause of [...this.#untold.keys()]) this.#tell(cause);
  }

  #tell(cause: string): void {
    const { count = 0, last } = this.#untold.get(cause) ?? {};
    this.#untold.delete(cause);
    this.#toldAtMs.set(cause, this.#clock.monotonic());
    runtimeWarning.publish({ what: `${count} ${count === 1 ? 'event' : 'events'} lost: ${cause}`, error: last });
  }
}
