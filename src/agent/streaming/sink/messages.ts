import type { ErrorDetails } from '../../../api/errors/capt-error.ts';
import type { ErrorCode } from '../../../api/errors/table.ts';
import type { BuiltIn } from '../decode/decoders.ts';
import type { FileTargetOptions } from './file-target.ts';
import type { SinkOptions, SinkResult } from './image-sink.ts';

/** What the disk thread is started with. */
export interface DiskThreadData {
  readonly target: FileTargetOptions;
  readonly options: Omit<SinkOptions, 'onBytes' | 'blank' | 'zeroAhead'> & { readonly skipZeros: boolean };
  /** What the data of `put` is compressed with; default not at all. */
  readonly decode?: BuiltIn | undefined;
  /** Two 64-bit numbers: bytes of the image taken so far; not 0 when no more are to be taken. */
  readonly counter: SharedArrayBuffer;
}

/** What the thread is asked to do, in order; each is answered once. */
export type Request =
  | { readonly do: 'prepare' }
  /** `buffer` changes hands, and comes back with the answer: sharing it would make copying into it slow. */
  | { readonly do: 'put'; readonly buffer: ArrayBuffer; readonly bytes: number }
  /** Everything that comes out of a pipe, until its end. */
  | { readonly do: 'drain'; readonly pipe: string }
  | { readonly do: 'finish' }
  | { readonly do: 'verify' }
  | { readonly do: 'commit' }
  | { readonly do: 'wipe' }
  | { readonly do: 'close' };

export interface Answer {
  readonly id: number;
  readonly result?: SinkResult | undefined;
  /** Of a `put`, to be filled again. */
  readonly buffer?: ArrayBuffer;
  readonly error?: ThreadError;
}

/** An error on its way between threads: classes do not survive that. */
export interface ThreadError {
  readonly code: ErrorCode | undefined;
  readonly details: ErrorDetails;
  readonly message: string;
}
