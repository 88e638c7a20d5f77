/**
 * Bytes of a stream that were read too far can be put back: what comes after a member or frame starts the next one. Chunks are
 * as good as those of the source: until the next.
 */
export class ByteQueue {
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #ahead: Uint8Array[] = [];

  constructor(source: AsyncIterator<Uint8Array>) {
    this.#source = source;
  }

  /** The next bytes, never empty; undefined at the end. */
  async next(): Promise<Uint8Array | undefined> {
    for (;;) {
      const chunk = this.#ahead.shift();
      if (chunk !== undefined) return chunk;
      const { done, value } = await this.#source.next();
      if (done) return undefined;
      if (value.length > 0) return value;
    }
  }

  putBack(chunk: Uint8Array): void {
    if (chunk.length > 0) this.#ahead.unshift(chunk);
  }

  /** Exactly `length` bytes, fewer at the end of the stream. For headers and trailers. */
  async take(length: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    let missing = length;
    while (missing > 0) {
      const chunk = await this.next();
      if (chunk === undefined) break;
      // A copy: the chunk is gone when the source gives the next one.
      parts.push(Buffer.from(chunk.subarray(0, missing)));
      this.putBack(chunk.subarray(missing));
      missing -= Math.min(missing, chunk.length);
    }
    return Buffer.concat(parts);
  }

  async *rest(): AsyncGenerator<Uint8Array, void> {
    for (let chunk = await this.next(); chunk !== undefined; chunk = await this.next()) yield chunk;
  }
}
