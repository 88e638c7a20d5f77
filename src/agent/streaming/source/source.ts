/** Where the bytes of an image come from. */
export interface ImageSource {
  /** For messages: without credentials and query string. */
  readonly shownUrl: string;
  /** Of the data as it is served; known after the first bytes, if at all. */
  readonly totalBytes: number | undefined;
  readonly receivedBytes: number;
  /** True when the end of the data cannot be told from a broken connection. Known after the first bytes. */
  readonly endUnproven: boolean;
  /**
   * All bytes in order, once. Ends only when they are all there and have the expected size and digest; throws otherwise. Chunks
   * must not be changed, and are only good until the next one is asked for.
   */
  chunks(): AsyncGenerator<Uint8Array, void>;
}
