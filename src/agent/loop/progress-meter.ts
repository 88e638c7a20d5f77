import type { Clock } from '../../api/time/clock.ts';
import type { Progress } from '../actions/action.ts';
import type { ProgressReport } from './workflow-server.ts';

/** The rate is that of the last so many seconds: an estimate that follows a slow link within a breath, without jumping. */
const windowMs = 10_000;

/** Turns what an action says about its progress into rate and time left, and says when the next report is due. */
export class ProgressMeter {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #samples: { atMs: number; bytes: number }[] = [];
  #what: string | undefined;
  #dueMs = 0;

  constructor(clock: Clock, intervalSeconds = 1) {
    this.#clock = clock;
    this.#intervalMs = intervalSeconds * 1000;
    this.#dueMs = clock.monotonic();
  }

  /** @returns a report when it is time for one, and always for the end */
  take(progress: Progress): ProgressReport | undefined {
    const { bytes, totalBytes, what } = progress;
    const atMs = this.#clock.monotonic();
    // Another thing, or the same one again from an earlier place: rates begin anew.
    const last = this.#samples.at(-1);
    if (what !== this.#what || (last !== undefined && bytes < last.bytes)) this.#samples.length = 0;
    this.#what = what;
    const complete = bytes === totalBytes;
    if (atMs < this.#dueMs && !complete) {
      if (this.#samples.length === 0) this.#samples.push({ atMs, bytes });
      return undefined;
    }
    this.#dueMs = Math.max(this.#dueMs, atMs) + (atMs < this.#dueMs ? 0 : this.#intervalMs);
    const bytesPerSecond = this.#rate({ atMs, bytes });
    const left = totalBytes === undefined ? undefined : Math.max(0, totalBytes - bytes);
    return {
      bytes,
      ...(what === undefined ? {} : { what }),
      ...(totalBytes === undefined ? {} : { totalBytes }),
      ...(bytesPerSecond === undefined ? {} : { bytesPerSecond }),
      ...(left === undefined || !bytesPerSecond ? {} : { secondsLeft: Math.ceil(left / bytesPerSecond) }),
    };
  }

  #rate(now: { atMs: number; bytes: number }): number | undefined {
    while (this.#samples.length > 1 && now.atMs - (this.#samples[0]?.atMs ?? 0) > windowMs) this.#samples.shift();
    const [first] = this.#samples;
    this.#samples.push(now);
    if (first === undefined || now.atMs <= first.atMs) return undefined;
    return Math.round(((now.bytes - first.bytes) * 1000) / (now.atMs - first.atMs));
  }
}

/** `writing /dev/sda: 1.2 GB of 3.4 GB (35 %), 120 MB/s, 18 s left`: powers of 1000, as disks and networks are sold. */
export function progressText({ what, bytes, totalBytes, bytesPerSecond, secondsLeft }: ProgressReport): string {
  const percent = totalBytes ? ` (${Math.floor((bytes / totalBytes) * 100)} %)` : '';
  const amount = totalBytes === undefined ? sizeText(bytes) : `${sizeText(bytes)} of ${sizeText(totalBytes)}${percent}`;
  const rate = bytesPerSecond === undefined ? '' : `, ${sizeText(bytesPerSecond)}/s`;
  const left = secondsLeft === undefined ? '' : `, ${secondsLeft} s left`;
  return `${what === undefined ? '' : `${what}: `}${amount}${rate}${left}`;
}

function sizeText(bytes: number): string {
  const names = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let value = bytes;
  let index = 0;
  while (value >= 999.5 && index < names.length - 1) {
    value /= 1000;
    index++;
  }
  return `${index === 0 || value >= 99.5 ? Math.round(value) : Number(value.toPrecision(2))} ${names[index]}`;
}
