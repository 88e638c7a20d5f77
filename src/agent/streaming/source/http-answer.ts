export interface HttpAnswer {
  readonly status: number;
  readonly body: AsyncIterable<Uint8Array>;
  readonly header: (name: string) => string | undefined;
  /** Gives the connection up. */
  readonly discard: () => void;
}
