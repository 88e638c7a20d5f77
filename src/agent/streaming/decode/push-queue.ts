/** Takes what is pushed, one piece for each `yield`; `undefined` is the end. */
export type Reader<T> = Generator<void, T, Uint8Array | undefined>;

/**
 * Lets a decoder that is given its input piece by piece be written as if it read it: what needs more input yields until it is
 * there, what was read too far is put back. Pieces are only good until the next.
 */
export class PushQueue {
  readonly #ahead: Uint8Array[] = [];
  #ended = false;

  /** The next bytes, never empty; undefined at the end, as often as it is asked. */
  *next(): Reader<Uint8Array | undefined> {
    for (;;) {
      const ahead = this.#ahead.pop();
      if (ahead !== undefined) return ahead;
      if (this.#ended) return undefined;
      const pushed = yield;
      if (pushed === undefined) this.#ended = true;
      else this.putBack(pushed);
    }
  }

  putBack(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#ahead.push(bytes);
  }

  /** Exactly `length` bytes, fewer at the end. A copy, for headers and trailers. */
  *take(length: number): Reader<Buffer> {
    const taken = Buffer.alloc(length);
    for (let filled = 0; filled < length; ) {
      const bytes = yield* this.next();
      if (bytes === undefined) return taken.subarray(0, filled);
      const part = bytes.subarray(0, length - filled);
      taken.set(part, filled);
      filled += part.length;
      this.putBack(bytes.subarray(part.length));
    }
    return taken;
  }
}
