import { constants, createZstdDecompress } from 'node:zlib';
import type { ByteQueue } from './byte-queue.ts';
import { type ZlibStream, zlibRun } from './zlib-run.ts';

/** The longest window zstd can be told to use (`--long=31`); memory is only taken as far as a frame needs it. */
const windowLogMax = 31;

/**
 * Decompresses all frames of a zstd file (RFC 8878), skippable ones passed over. The stream of Node 24 ends after the first
 * frame without an error, so each frame gets its own.
 */
export async function* unzstd(queue: ByteQueue): AsyncGenerator<Uint8Array, void> {
  for (;;) {
    const start = await queue.take(8);
    if (start.length === 0) return;
    if (isSkippable(start)) {
      await skip(queue, Buffer.from(start).readUInt32LE(4));
      continue;
    }
    if (start.length < 4 || Buffer.from(start).readUInt32LE(0) !== 0xfd2f_b528) {
      throw new Error('there is something that is no frame');
    }
    queue.putBack(start);
    const params = { [constants.ZSTD_d_windowLogMax]: windowLogMax };
    yield* zlibRun(createZstdDecompress({ params }) as unknown as ZlibStream, queue);
  }
}

function isSkippable(start: Uint8Array): boolean {
  return (
    start.length === 8 &&
    ((start[0] ?? 0) & 0xf0) === 0x50 &&
    start[1] === 0x2a &&
    start[2] === 0x4d &&
    start[3] === 0x18
  );
}

async function skip(queue: ByteQueue, length: number): Promise<void> {
  for (let missing = length; missing > 0; ) {
    const chunk = await queue.next();
    if (chunk === undefined) throw new Error('it ends in a skippable frame');
    queue.putBack(chunk.subarray(missing));
    missing -= Math.min(missing, chunk.length);
  }
}
