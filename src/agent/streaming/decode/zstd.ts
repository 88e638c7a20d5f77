import { constants, createZstdDecompress } from 'node:zlib';
import type { Decoder } from './decoder.ts';
import { type Blocks, Output } from './output.ts';
import { DecodeError, ZlibEngine } from './zlib-engine.ts';

/** The longest window zstd can be told to use (`--long=31`); memory is only taken as far as a frame needs it. */
const windowLogMax = 31;

/**
 * Decompresses all frames of a zstd file (RFC 8878), one after the other, skippable ones passed over: below the stream of Node
 * 24, which ends after the first frame without an error, the library takes what follows a frame for the next.
 */
export class ZstdDecoder implements Decoder {
  readonly #engine = new ZlibEngine(
    createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: windowLogMax } }),
    constants.ZSTD_e_end,
  );
  readonly #output: Output;

  constructor(blocks: Blocks) {
    this.#output = new Output(blocks);
  }

  put(bytes: Uint8Array): void {
    for (let taken = 0; taken < bytes.length; ) {
      const more = this.#engine.run(bytes.subarray(taken), this.#output);
      if (more === 0) throw new DecodeError('there is something that is no frame');
      taken += more;
    }
  }

  end(): void {
    this.#engine.end(this.#output);
    this.#output.flush();
  }
}
