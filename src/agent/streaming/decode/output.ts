/** Where decompressed data goes: block after block of somebody's memory. */
export interface Blocks {
  /** The block to be filled next. */
  room(): Uint8Array;
  /** Its first `length` bytes are there; it is filled no further. */
  push(length: number): void;
}

/** Fills whole blocks, so that the disk gets big and aligned pieces however the input was cut. */
export class Output {
  readonly #blocks: Blocks;
  readonly #onAdd: (bytes: Uint8Array) => void;
  #block: Uint8Array | undefined;
  #filled = 0;

  /** `onAdd` gets each part as soon as it is there. */
  constructor(blocks: Blocks, onAdd: (bytes: Uint8Array) => void = () => {}) {
    this.#blocks = blocks;
    this.#onAdd = onAdd;
  }

  get block(): Uint8Array {
    this.#block ??= this.#blocks.room();
    return this.#block;
  }

  get filled(): number {
    return this.#filled;
  }

  /** `count` bytes were put behind those that are there. */
  add(count: number): void {
    if (count > 0) this.#onAdd(this.block.subarray(this.#filled, this.#filled + count));
    this.#filled += count;
    if (this.#filled === this.block.length) this.flush();
  }

  flush(): void {
    if (this.#filled > 0) this.#blocks.push(this.#filled);
    this.#filled = 0;
    this.#block = undefined;
  }
}
