import type { ThreadError } from './thread-error.ts';

/** What every thread is asked: `buffer` changes hands, and comes back with the answer. */
export interface Put {
  readonly do: 'put';
  readonly buffer: ArrayBuffer;
  readonly bytes: number;
}

/** To one request; they are answered in order. */
export interface Answer<Result> {
  readonly id: number;
  readonly result?: Result | undefined;
  /** Of a `put`, to be filled again. */
  readonly buffer?: ArrayBuffer;
  readonly error?: ThreadError;
}
