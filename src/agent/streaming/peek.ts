/** The beginning of a stream, and the stream with it. */
export interface Peeked {
  /** Of the length that was asked for, shorter where the stream ends before. */
  readonly head: Uint8Array;
  /** Everything, none of its chunks empty. Chunks are as good as those of the source: until the next. */
  whole(): AsyncGenerator<Uint8Array, void>;
}

/** Looks at the first `length` bytes of what comes; more of it is not read than has to be. */
export async function peek(chunks: AsyncIterator<Uint8Array>, length: number): Promise<Peeked> {
  const parts: Uint8Array[] = [];
  let missing = length;
  let rest: Uint8Array = new Uint8Array(0);
  while (missing > 0) {
    const { done, value } = await chunks.next();
    if (done) break;
    // A copy: the chunk is gone when the source gives the next one.
    parts.push(Buffer.from(value.subarray(0, missing)));
    rest = value.subarray(missing);
    missing -= Math.min(missing, value.length);
  }
  const head = Buffer.concat(parts);
  return {
    head,
    async *whole() {
      if (head.length > 0) yield head;
      if (rest.length > 0) yield rest;
      for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
        if (next.value.length > 0) yield next.value;
      }
    },
  };
}
