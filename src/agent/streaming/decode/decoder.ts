/**
 * Decompresses what it is given, in the thread that gives it, and hands out what comes of it before it returns: a block at a
 * time, however many that are. Throws `DecodeError` when the data is wrong.
 */
export interface Decoder {
  /** The next bytes; they may be reused when it returns. */
  put(bytes: Uint8Array): void;
  /** There are no more: all has come out, or it throws because something is missing. */
  end(): void;
}
