import type { Put } from '../thread/messages.ts';
import type { FileTargetOptions } from './file-target.ts';
import type { SinkOptions } from './image-sink.ts';

/** What the disk thread is started with. */
export interface DiskThreadData {
  readonly target: FileTargetOptions;
  readonly options: Omit<SinkOptions, 'onBytes' | 'blank' | 'zeroAhead'> & { readonly skipZeros: boolean };
  /** Two 64-bit numbers: bytes of the image taken so far; not 0 when no more are to be taken. */
  readonly counter: SharedArrayBuffer;
}

/** What the thread is asked to do, in order; each is answered once. */
export type Request =
  | { readonly do: 'prepare' }
  | Put
  /** Everything that comes out of a named pipe, or of the ring in this memory, until its end. */
  | { readonly do: 'drain'; readonly from: string | SharedArrayBuffer }
  | { readonly do: 'finish' }
  | { readonly do: 'verify' }
  | { readonly do: 'commit' }
  | { readonly do: 'wipe' }
  | { readonly do: 'close' };
