import type { Transform } from 'node:stream';
import type { ByteQueue } from './byte-queue.ts';

/** A stream of node:zlib: it ends by itself where its member or frame ends, and `bytesWritten` says how far it read. */
export type ZlibStream = Transform & { readonly bytesWritten: number };

/**
 * Decompresses one member or frame from `queue` and leaves what follows it there. Yields what comes out as the taker takes it.
 * Throws what the stream throws; at the end of input it is told so and judges whether that is too early.
 */
export async function* zlibRun(stream: ZlibStream, queue: ByteQueue): AsyncGenerator<Uint8Array, void> {
  const given: { chunk: Uint8Array; end: number }[] = [];
  let ended = false;
  const closed = new Promise<void>((resolve) => {
    stream.once('end', resolve);
    stream.once('close', resolve);
  }).then(() => {
    ended = true;
  });
  const feed = async (): Promise<void> => {
    for (let end = 0; !ended; ) {
      const next = await queue.next();
      if (next === undefined) return void stream.end();
      // A copy: the stream works on it while the next one comes.
      const chunk = Buffer.from(next);
      end += chunk.length;
      given.push({ chunk, end });
      while ((given[0]?.end ?? Number.POSITIVE_INFINITY) <= stream.bytesWritten) given.shift();
      if (ended) return;
      if (!stream.write(chunk)) await Promise.race([closed, drained(stream)]);
    }
  };
  const feeding = feed().catch((error: Error) => void stream.destroy(error));
  try {
    yield* stream as AsyncIterable<Uint8Array>;
  } finally {
    ended = true;
    stream.destroy();
    await feeding;
    for (const { chunk, end } of given.reverse()) {
      queue.putBack(chunk.subarray(Math.max(0, chunk.length - (end - stream.bytesWritten))));
    }
  }
}

function drained(stream: Transform): Promise<void> {
  return new Promise((resolve) => {
    stream.once('drain', resolve);
  });
}
