/** As much as stays in the cache of a processor until it is written; more, and less, was slower (`bench/streaming.ts`). */
const outputBytes = 256 * 1024;

/** Where decompressed data is put together, so that the disk gets big and aligned pieces however the input was cut. */
export class Output {
  readonly bytes = new Uint8Array(outputBytes);
  readonly #take: (bytes: Uint8Array) => void;
  readonly #onAdd: (bytes: Uint8Array) => void;
  #filled = 0;

  /** `take` gets what is complete, `onAdd` each part before that; both get memory that is used again. */
  constructor(take: (bytes: Uint8Array) => void, onAdd: (bytes: Uint8Array) => void = () => {}) {
    this.#take = take;
    this.#onAdd = onAdd;
  }

  get filled(): number {
    return this.#filled;
  }

  /** Never zero. */
  get room(): number {
    return outputBytes - this.#filled;
  }

  /** `count` bytes were put behind those that are there. */
  add(count: number): void {
    if (count > 0) this.#onAdd(this.bytes.subarray(this.#filled, this.#filled + count));
    this.#filled += count;
    if (this.#filled === outputBytes) this.flush();
  }

  flush(): void {
    const filled = this.#filled;
    this.#filled = 0;
    if (filled > 0) this.#take(this.bytes.subarray(0, filled));
  }
}
