import { createHash, type Hash } from 'node:crypto';
import { CaptError } from '../../../api/errors/capt-error.ts';
import { detectFormat, refusalAdvice } from '../format.ts';
import { HeldRange, outside } from './held-range.ts';
import type { Target } from './target.ts';
import { dataRuns } from './zero-runs.ts';

export interface SinkOptions {
  /** For messages. */
  readonly url: string;
  /** The target reads as zeros wherever nothing is written (an empty file). Default false. */
  readonly blank?: boolean;
  /**
   * Asked once, after the ends were wiped: may the target be made zero ahead of the data, so that zeros need not be written?
   * Default no.
   */
  readonly zeroAhead?: () => boolean;
  /** The image is known not to be longer, so nothing behind it is made zero. Bytes. */
  readonly knownBytes?: number;
  readonly sha256?: boolean;
  /** Called with the bytes taken so far. */
  readonly onBytes?: (bytes: number) => void;
}

export interface SinkResult {
  readonly rawBytes: number;
  /** Not written because they were zero and the disk already reads so. */
  readonly skippedBytes: number;
  readonly sha256: string | undefined;
  /** The start of the image, up to `heldBytes`. */
  readonly head: Uint8Array;
}

/** Held back at both ends of the disk: boot code and partition table, backup table (1 MiB is where partitions start). */
export const heldBytes = 1 << 20;

/** How far ahead of the data a disk is made zero in one go. */
const zeroWindowBytes = 8 * 2 ** 30;

/**
 * Writes one image to one target, in order, so that the target is bootable at the end or not at all: `prepare` takes away what
 * was bootable before, `put` writes all but the ends, `commit` writes these when the caller has seen that everything is right,
 * and `wipe` takes away what could be bootable. Between `prepare` and the end of `commit` a crash leaves nothing to boot.
 */
export class ImageSink {
  readonly #target: Target;
  readonly #options: SinkOptions;
  readonly #held: readonly HeldRange[];
  readonly #hash: Hash | undefined;
  #position = 0;
  #skipped = 0;
  /** Everything before it reads as zeros where nothing was written. */
  #blankBytes: number;
  #zeroAhead = false;

  constructor(target: Target, options: SinkOptions) {
    this.#target = target;
    this.#options = options;
    this.#held = heldRanges(target.sizeBytes);
    this.#hash = options.sha256 ? createHash('sha256') : undefined;
    this.#blankBytes = options.blank ? Number.POSITIVE_INFINITY : 0;
  }

  prepare(): void {
    this.wipe();
    this.#zeroAhead = this.#options.zeroAhead?.() ?? false;
  }

  /** Takes the next bytes of the image; they may be reused when it returns. */
  put(chunk: Uint8Array): void {
    const position = this.#position;
    if (position === 0) this.#refuseHead(chunk);
    if (position + chunk.length > this.#target.sizeBytes) this.#refuseSize(position + chunk.length);
    this.#hash?.update(chunk);
    for (const range of this.#held) range.keep(chunk, position);
    for (const [start, end] of outside(this.#held, position, chunk.length)) {
      this.#write(chunk.subarray(start - position, end - position), start);
    }
    this.#position += chunk.length;
    this.#options.onBytes?.(this.#position);
  }

  /** All bytes are there: waits until they are on the medium and says what they were. */
  finish(): SinkResult {
    this.#target.extend(this.#position);
    this.#target.sync();
    return {
      rawBytes: this.#position,
      skippedBytes: this.#skipped,
      sha256: this.#hash?.digest('hex'),
      head: this.#held[0]?.filled.slice() ?? new Uint8Array(0),
    };
  }

  /** Writes what was held back: first the end, then the start, and the first sectors last of all. */
  commit(): void {
    for (const range of this.#held.toReversed()) {
      const bytes = range.filled;
      const firstSectors = range.start === 0 ? Math.min(4096, bytes.length) : 0;
      if (bytes.length > firstSectors) this.#target.write(bytes.subarray(firstSectors), range.start + firstSectors);
      this.#target.sync();
      if (firstSectors === 0) continue;
      this.#target.write(bytes.subarray(0, firstSectors), range.start);
      this.#target.sync();
    }
  }

  /** Makes both ends zero, so that no firmware finds something to boot. */
  wipe(): void {
    for (const { start, bytes } of this.#held) this.#target.write(new Uint8Array(bytes.length), start);
    this.#target.sync();
  }

  /** What was held back, for reading back. */
  get held(): readonly HeldRange[] {
    return this.#held;
  }

  #write(bytes: Uint8Array, position: number): void {
    if (this.#zeroAhead && position + bytes.length > this.#blankBytes) this.#makeBlank(position);
    if (position + bytes.length > this.#blankBytes) {
      this.#target.write(bytes, position);
      return;
    }
    let written = 0;
    dataRuns(bytes, position, (start, end) => {
      this.#target.write(bytes.subarray(start, end), position + start);
      written += end - start;
    });
    this.#skipped += bytes.length - written;
  }

  /** `position` is where the next data goes: what lies before it stays. */
  #makeBlank(position: number): void {
    const limit = Math.min(this.#target.sizeBytes, this.#options.knownBytes ?? Number.POSITIVE_INFINITY);
    const start = Math.max(this.#blankBytes, position);
    const end = Math.min(limit, start + zeroWindowBytes);
    try {
      if (end <= start) throw new Error('the image is longer than it was said to be');
      this.#target.zero(start, end - start);
      this.#blankBytes = end;
    } catch {
      // Zeros are written from here on, as on disks that cannot do it.
      this.#zeroAhead = false;
      this.#blankBytes = 0;
    }
  }

  #refuseHead(chunk: Uint8Array): void {
    const format = detectFormat(chunk);
    const advice = refusalAdvice(format);
    if (advice === undefined) return;
    throw new CaptError('IMAGE_FORMAT_REFUSED', { url: this.#options.url, format, advice });
  }

  #refuseSize(imageBytes: number): never {
    const { name, sizeBytes } = this.#target;
    throw new CaptError('IMAGE_TOO_BIG', { url: this.#options.url, imageBytes, disk: name, diskBytes: sizeBytes });
  }
}

function heldRanges(sizeBytes: number): HeldRange[] {
  const head = new HeldRange(0, Math.min(heldBytes, sizeBytes));
  if (sizeBytes === Number.POSITIVE_INFINITY || sizeBytes <= heldBytes) return [head];
  return [head, new HeldRange(Math.max(heldBytes, sizeBytes - heldBytes), sizeBytes)];
}
