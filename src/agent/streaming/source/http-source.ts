import { createHash, type Hash } from 'node:crypto';
import type { Dispatcher } from 'undici';
import { CaptError, messageOf } from '../../../api/errors/capt-error.ts';
import { type Clock, sleep } from '../../../api/time/clock.ts';
import { parseContentRange, parseLength } from './content-range.ts';
import type { HttpAnswer } from './http-answer.ts';
import { httpRequest, shownUrl } from './http-request.ts';
import { type RetryOptions, retryDelaySeconds } from './retries.ts';
import type { ImageSource } from './source.ts';

export interface HttpSourceOptions {
  readonly url: string;
  readonly dispatcher: Dispatcher;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
  readonly retries?: RetryOptions;
  /** Without a byte for so long, a connection is given up. Default 30. */
  readonly stallSeconds?: number;
  /** What is expected of the data as served. */
  readonly sizeBytes?: number | undefined;
  readonly sha256?: string | undefined;
  readonly log?: (line: string) => void;
  /** There is no proxy for addresses without TLS: they are read past `dispatcher`, which is cheaper. Default false. */
  readonly isDirect?: boolean;
}

/** How many bytes before the point of failure are fetched again and compared: the same image goes on the same way. */
const overlapBytes = 16_384;

/** One image over HTTP, as one stream of bytes across broken connections (RFC 9110 14, Range). */
export class HttpSource implements ImageSource {
  readonly shownUrl: string;
  readonly #options: HttpSourceOptions;
  readonly #hash: Hash | undefined;
  totalBytes: number | undefined;
  receivedBytes = 0;
  endUnproven = false;
  #validators: { etag: string | undefined; lastModified: string | undefined } | undefined;
  /** The end of what was received, for comparing when it is fetched again. A copy: chunks do not last. */
  #tail: Uint8Array = new Uint8Array(0);
  #lastProgressMs: number;
  #waitingSinceMs: number | undefined;

  constructor(options: HttpSourceOptions) {
    this.#options = options;
    this.shownUrl = shownUrl(options.url);
    this.#hash = options.sha256 === undefined ? undefined : createHash('sha256');
    this.#lastProgressMs = options.clock.monotonic();
  }

  async *chunks(): AsyncGenerator<Uint8Array, void> {
    const { clock, signal, retries = {}, log } = this.#options;
    for (let failures = 0; ; ) {
      const before = this.receivedBytes;
      try {
        yield* this.#attempt();
        break;
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof CaptError && !error.retryable) throw error;
        if (error instanceof CaptError && error.code === 'IMAGE_CHANGED') throw error;
        failures = this.receivedBytes > before ? 1 : failures + 1;
        const delaySeconds = retryDelaySeconds(failures, (clock.monotonic() - this.#lastProgressMs) / 1000, retries);
        if (delaySeconds === undefined) throw this.#failed(error);
        log?.(
          `the download stopped after ${this.receivedBytes} bytes (${causeOf(error)}), going on in ${delaySeconds} s`,
        );
        await sleep(clock, delaySeconds * 1000, signal);
        signal.throwIfAborted();
      }
    }
    this.#checkDigest();
  }

  async *#attempt(): AsyncGenerator<Uint8Array, void> {
    const controller = new AbortController();
    const signal = AbortSignal.any([controller.signal, this.#options.signal]);
    const start = this.receivedBytes - this.#tail.length;
    const unwatch = this.#watch(controller);
    try {
      const answer = await this.#watched(this.#ask(start, signal));
      yield* this.#body(answer, this.#accept(answer, start));
    } finally {
      unwatch();
      controller.abort();
    }
  }

  #ask(start: number, signal: AbortSignal): Promise<HttpAnswer> {
    const { url, dispatcher, headers = {}, isDirect = false } = this.#options;
    const range: Record<string, string> = start > 0 ? { range: `bytes=${start}-` } : {};
    // As it is: what a server compresses on the fly has no length and cannot be gone on with.
    const all = { ...headers, 'accept-encoding': 'identity', ...range };
    return httpRequest({ url, dispatcher, signal, headers: all, isDirect });
  }

  /** Judges an answer to a request from `start`. @returns the position at which its body starts */
  #accept(answer: HttpAnswer, start: number): number {
    const { status, header } = answer;
    if (status !== 200 && status !== 206) throw this.#refused(answer);
    const range = status === 206 ? parseContentRange(header('content-range')) : undefined;
    const position = status === 206 ? range?.start : 0;
    if (position === undefined || position > start)
      throw this.#changed('the server sends another range than asked for');
    const length = parseLength(header('content-length'));
    const totalBytes = range?.totalBytes ?? (length === undefined ? this.totalBytes : length + position);
    const validators = { etag: header('etag'), lastModified: header('last-modified') };
    if (this.#validators === undefined) {
      this.#validators = validators;
      this.totalBytes = totalBytes;
      this.endUnproven = length === undefined && header('transfer-encoding') === undefined;
      this.#checkSize(totalBytes);
    } else {
      if (totalBytes !== this.totalBytes) throw this.#changed(`it has ${totalBytes} bytes now, not ${this.totalBytes}`);
      if (validators.etag !== this.#validators.etag) throw this.#changed('it has another ETag now');
      if (validators.lastModified !== this.#validators.lastModified) throw this.#changed('it was modified');
    }
    return position;
  }

  async *#body(answer: HttpAnswer, start: number): AsyncGenerator<Uint8Array, void> {
    let position = start;
    const iterator = answer.body[Symbol.asyncIterator]();
    for (;;) {
      const { done, value } = await this.#watched(iterator.next());
      if (done) break;
      const known = Math.min(value.length, this.receivedBytes - position);
      if (known > 0) this.#compare(value.subarray(0, known), position);
      position += value.length;
      if (known === value.length) continue;
      const fresh = known > 0 ? value.subarray(known) : value;
      this.#take(fresh);
      yield fresh;
    }
    if (this.totalBytes !== undefined && this.receivedBytes < this.totalBytes) {
      throw new Error(`the server closed the connection after ${this.receivedBytes} of ${this.totalBytes} bytes`);
    }
  }

  #take(chunk: Uint8Array): void {
    this.receivedBytes += chunk.length;
    const kept = chunk.length < overlapBytes ? Buffer.concat([this.#tail, chunk]) : chunk;
    this.#tail = Uint8Array.prototype.slice.call(kept, -overlapBytes);
    this.#lastProgressMs = this.#options.clock.monotonic();
    this.#hash?.update(chunk);
    const limit = this.totalBytes ?? this.#options.sizeBytes;
    if (limit !== undefined && this.receivedBytes > limit) this.#checkSize(this.receivedBytes);
  }

  /** `bytes`, from `position` on, were received before: what is left of them has to be the same. */
  #compare(bytes: Uint8Array, position: number): void {
    const lastStart = this.receivedBytes - this.#tail.length;
    const skip = Math.max(0, lastStart - position);
    if (skip >= bytes.length) return;
    const from = position + skip - lastStart;
    const again = bytes.subarray(skip);
    const before = this.#tail.subarray(from, from + again.length);
    if (Buffer.compare(again, before) !== 0) throw this.#changed('it does not go on the way it was');
  }

  /** Waits for the network, but not longer than a stalled connection deserves. Time that the disk takes does not count. */
  async #watched<T>(promise: Promise<T>): Promise<T> {
    this.#waitingSinceMs = this.#options.clock.monotonic();
    try {
      return await promise;
    } finally {
      this.#waitingSinceMs = undefined;
    }
  }

  /** One timer for many chunks: it looks how long the wait of the moment has been, and comes back when it may be over. */
  #watch(controller: AbortController): () => void {
    const { clock, stallSeconds = 30 } = this.#options;
    let cancel = (): void => {};
    const arm = (delayMs: number): void => {
      cancel = clock.after(delayMs, () => {
        const now = clock.monotonic();
        const leftMs = (this.#waitingSinceMs ?? now) + stallSeconds * 1000 - now;
        // Timers may fire a little early.
        if (leftMs <= 1) controller.abort(new Error(`no byte came for ${stallSeconds} seconds`));
        else arm(leftMs);
      });
    };
    arm(stallSeconds * 1000);
    return () => cancel();
  }

  #checkSize(actual: number | undefined): void {
    const expected = this.#options.sizeBytes ?? this.totalBytes;
    if (actual === undefined || expected === undefined || actual === expected) return;
    throw new CaptError('IMAGE_LENGTH_WRONG', { url: this.shownUrl, what: 'served', actual, expected });
  }

  #checkDigest(): void {
    this.#checkSize(this.receivedBytes);
    const actual = this.#hash?.digest('hex') ?? '';
    const { sha256: expected = '' } = this.#options;
    if (actual === expected) return;
    throw new CaptError('IMAGE_DIGEST_WRONG', { url: this.shownUrl, what: 'served', actual, expected });
  }

  #refused(answer: HttpAnswer): Error {
    const { status } = answer;
    answer.discard();
    const transient = status >= 500 || status === 408 || status === 425 || status === 429;
    if (transient) return new Error(`the server answered ${status}`);
    if (this.receivedBytes > 0) return this.#changed(`the server answers ${status} now`);
    return new CaptError('IMAGE_HTTP_STATUS', { url: this.shownUrl, status });
  }

  #changed(cause: string): CaptError {
    return new CaptError('IMAGE_CHANGED', { url: this.shownUrl, cause });
  }

  #failed(error: unknown): CaptError {
    const details = { url: this.shownUrl, bytes: this.receivedBytes, cause: causeOf(error) };
    return new CaptError('IMAGE_DOWNLOAD_FAILED', details, { cause: error });
  }
}

/** Connection errors hide the useful part in their cause. */
function causeOf(error: unknown): string {
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return messageOf(inner) || String(inner);
}
