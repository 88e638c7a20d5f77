import type { BlockRing } from '../thread/block-ring.ts';

/** Decompresses beside the agent: a program, or a thread. */
export interface Decompressor {
  /** What comes out: a named pipe, or a ring. It has to be emptied for `feed` to go on. */
  readonly output: string | BlockRing;
  /**
   * Gives it all of `chunks`, which may end early: what follows the data is not always read. Resolves when everything has
   * come out and was right; throws `IMAGE_CORRUPT` when not.
   */
  decompress(chunks: AsyncIterator<Uint8Array>): Promise<void>;
  /** Ends it, whatever it is doing. Whoever empties its output gets an end, or an error. */
  stop(): Promise<void>;
}
