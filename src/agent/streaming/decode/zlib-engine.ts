import { CaptError } from '../../../api/errors/capt-error.ts';
import type { Output } from './output.ts';

/**
 * What lies below the streams of node:zlib, as the Node that we pin has it (and Node 20 had it). The streams themselves hand each
 * piece to another thread and take new memory for what comes out, which is twice the work of decompressing.
 */
interface Handle {
  /** Leaves in the state of the stream how much room and how much input is left. */
  writeSync(
    flush: number,
    input: Uint8Array,
    inputAt: number,
    inputLength: number,
    output: Uint8Array,
    outputAt: number,
    outputLength: number,
  ): void;
  reset(): void;
  onerror: (message: string, number: number, code: string) => void;
}

interface Inside {
  readonly _handle: Handle;
  /** Room left in the output, bytes left of the input. */
  readonly _writeState: Uint32Array;
}

/** The data is not what it has to be, as opposed to a disk that fails while it is written. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
}

const nothing = new Uint8Array(0);

/** A decompressor of node:zlib that works at once, in this thread, from memory of the caller into memory of the caller. */
export class ZlibEngine {
  readonly #inside: Inside;
  readonly #endFlush: number;
  #problem: string | undefined;

  /**
   * `stream` is of `createInflateRaw` or `createZstdDecompress`; `endFlush` tells it that there is no more input.
   *
   * Throws `IMAGE_DECODER_UNKNOWN` where Node looks otherwise below its streams.
   */
  constructor(stream: object, endFlush: number) {
    if (!isInside(stream)) throw new CaptError('IMAGE_DECODER_UNKNOWN', { version: process.version });
    this.#inside = stream;
    this.#endFlush = endFlush;
    this.#inside._handle.onerror = (message, _number, code) => {
      this.#problem = message === '' ? code : message;
    };
  }

  /** Decompresses `input`. @returns how many of its bytes it took: fewer than all when the data has ended before */
  run(input: Uint8Array, output: Output): number {
    return this.#run(0, input, output);
  }

  /** There is no more input. Throws when that is too early. */
  end(output: Output): void {
    this.#run(this.#endFlush, nothing, output);
  }

  /** What comes next has nothing to do with what was before. */
  reset(): void {
    this.#inside._handle.reset();
  }

  #run(flush: number, input: Uint8Array, output: Output): number {
    const { _handle: handle, _writeState: left } = this.#inside;
    for (let taken = 0; ; ) {
      const { block, filled } = output;
      const room = block.length - filled;
      handle.writeSync(flush, input, taken, input.length - taken, block, filled, room);
      if (this.#problem !== undefined) throw new DecodeError(this.#problem);
      const [roomLeft = 0, inputLeft = 0] = left;
      const isStuck = roomLeft === room && inputLeft === input.length - taken;
      taken = input.length - inputLeft;
      output.add(room - roomLeft);
      if (isStuck || (inputLeft === 0 && roomLeft > 0)) return taken;
    }
  }
}

function isInside(stream: object): stream is Inside {
  const { _handle: handle, _writeState: state } = stream as { _handle?: Partial<Handle>; _writeState?: unknown };
  const has = (name: 'writeSync' | 'reset') => typeof handle?.[name] === 'function';
  return has('writeSync') && has('reset') && state instanceof Uint32Array;
}
