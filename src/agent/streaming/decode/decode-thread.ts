/**
 * The thread that decompresses, from buffers of the main thread into a ring that the disk thread empties. A bundle of the agent
 * has to hold this file beside it under the same name (see `thread-decoder.ts`).
 */
import { parentPort, workerData } from 'node:worker_threads';
import { CaptError } from '../../../api/errors/capt-error.ts';
import { BlockRing } from '../thread/block-ring.ts';
import type { Put } from '../thread/messages.ts';
import { serveThread } from '../thread/serve-thread.ts';
import type { Decoder } from './decoder.ts';
import { type BuiltIn, createDecoder } from './decoders.ts';
import { DecodeError } from './zlib-engine.ts';

/** What the thread is started with. */
export interface DecodeThreadData {
  readonly format: BuiltIn;
  /** For messages. */
  readonly url: string;
  /** Of a `BlockRing`. */
  readonly memory: SharedArrayBuffer;
}

/** `end`: there is no more; all of it was right when that is answered well. */
export type DecodeRequest = Put | { readonly do: 'end' };

if (parentPort !== null) {
  const { format, url, memory } = workerData as DecodeThreadData;
  const ring = new BlockRing(memory);
  let decoder: Decoder | undefined;
  serveThread<DecodeRequest, void>(parentPort, (request) => {
    try {
      // Here, where what it throws is the answer to a request.
      decoder ??= createDecoder(format, ring);
      if (request.do === 'put') return decoder.put(new Uint8Array(request.buffer, 0, request.bytes));
      decoder.end();
      ring.end();
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      throw new CaptError('IMAGE_CORRUPT', { url, format, cause: error.message });
    }
  });
}
