/**
 * A range of the disk that is kept in memory until everything else is known to be good: where firmware looks for something to
 * boot. Until then the disk holds zeros there.
 */
export class HeldRange {
  readonly start: number;
  readonly end: number;
  readonly bytes: Uint8Array;
  /** How far the image reaches into it. */
  #filledBytes = 0;

  constructor(start: number, end: number) {
    this.start = start;
    this.end = end;
    this.bytes = new Uint8Array(end - start);
  }

  /** The part of the image that falls into it. */
  get filled(): Uint8Array {
    return this.bytes.subarray(0, this.#filledBytes);
  }

  /** Keeps what of `chunk`, which belongs to `position`, lies inside. */
  keep(chunk: Uint8Array, position: number): void {
    const from = Math.max(this.start, position);
    const to = Math.min(this.end, position + chunk.length);
    if (from >= to) return;
    this.bytes.set(chunk.subarray(from - position, to - position), from - this.start);
    this.#filledBytes = Math.max(this.#filledBytes, to - this.start);
  }
}

/** The parts of [position, position + length) outside all `held`, which are in order and apart. */
export function outside(held: readonly HeldRange[], position: number, length: number): [number, number][] {
  const parts: [number, number][] = [];
  let from = position;
  const end = position + length;
  for (const range of held) {
    if (range.start > from) parts.push([from, Math.min(end, range.start)]);
    from = Math.max(from, range.end);
    if (from >= end) return parts.filter(([a, b]) => a < b);
  }
  if (from < end) parts.push([from, end]);
  return parts.filter(([a, b]) => a < b);
}
