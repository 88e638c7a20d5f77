/**
 * The thread that writes. It does one thing after the other and blocks in each, so that a pipe from a decoder is read no faster
 * than the disk takes it. A bundle of the agent has to hold this file beside it under the same name (see `disk-writer.ts`).
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { CaptError, messageOf } from '../../../api/errors/capt-error.ts';
import type { Decoder } from '../decode/decoder.ts';
import { createDecoder } from '../decode/decoders.ts';
import { DecodeError } from '../decode/zlib-engine.ts';
import { FileTarget } from './file-target.ts';
import { heldBytes, ImageSink, type SinkResult } from './image-sink.ts';
import type { Answer, DiskThreadData, Request, ThreadError } from './messages.ts';
import { verifyHeld, verifyReadBack } from './read-back.ts';
import { readsBackZeros } from './zero-proof.ts';

const drainBytes = 1 << 20;

class DiskThread {
  readonly #data: DiskThreadData;
  readonly #target: FileTarget;
  readonly #sink: ImageSink;
  readonly #decoder: Decoder | undefined;
  #result: SinkResult | undefined;
  #verified = false;
  #failure: unknown;

  constructor(data: DiskThreadData) {
    this.#data = data;
    this.#target = new FileTarget(data.target);
    const [counted, stopped] = [0, 1];
    const counter = new BigUint64Array(data.counter);
    const isDisk = data.target.sizeBytes !== undefined;
    const { skipZeros, ...options } = data.options;
    this.#sink = new ImageSink(this.#target, {
      ...options,
      blank: skipZeros && !isDisk,
      zeroAhead: () => skipZeros && isDisk && this.#provesZeros(),
      onBytes: (bytes) => {
        Atomics.store(counter, counted, BigInt(bytes));
        // A few bytes may become many, and messages are only seen between requests.
        if (Atomics.load(counter, stopped) !== 0n) throw new Error('writing was stopped');
      },
    });
    const put = this.#sink.put.bind(this.#sink);
    this.#decoder = data.decode === undefined ? undefined : createDecoder(data.decode, put);
  }

  /** After a failure nothing is done but to wipe and to close: what came before it is not whole. */
  do(request: Request): SinkResult | undefined {
    const isCleanup = request.do === 'wipe' || request.do === 'close';
    if (this.#failure !== undefined && !isCleanup) throw this.#failure;
    try {
      return this.#do(request);
    } catch (error) {
      this.#failure ??= error;
      throw error;
    }
  }

  #do(request: Request): SinkResult | undefined {
    switch (request.do) {
      case 'prepare':
        return void this.#sink.prepare();
      case 'put':
        return void this.#put(new Uint8Array(request.buffer, 0, request.bytes));
      case 'drain':
        return void this.#drain(request.pipe);
      case 'finish':
        return this.#finish();
      case 'verify':
        return void this.#verify();
      case 'commit':
        return void this.#commit();
      case 'wipe':
        return void this.#sink.wipe();
      case 'close':
        return void this.#target.close();
    }
  }

  #put(bytes: Uint8Array): void {
    if (this.#decoder === undefined) this.#sink.put(bytes);
    else this.#decode((decoder) => decoder.put(bytes));
  }

  #finish(): SinkResult {
    this.#decode((decoder) => decoder.end());
    this.#result = this.#sink.finish();
    return this.#result;
  }

  #decode(step: (decoder: Decoder) => void): void {
    try {
      if (this.#decoder !== undefined) step(this.#decoder);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      const { options, decode = 'raw' } = this.#data;
      throw new CaptError('IMAGE_CORRUPT', { url: options.url, format: decode, cause: error.message });
    }
  }

  #verify(): void {
    const { rawBytes, sha256 } = this.#result ?? {};
    if (rawBytes === undefined || sha256 === undefined) throw new Error('verify needs finish with a digest before it');
    verifyReadBack(this.#target, this.#sink.held, rawBytes, sha256);
    this.#verified = true;
  }

  #commit(): void {
    this.#sink.commit();
    if (this.#verified) verifyHeld(this.#target, this.#sink.held);
  }

  #drain(pipe: string): void {
    const fd = openSync(pipe, 'r');
    try {
      const buffer = new Uint8Array(drainBytes);
      for (let filled = 0; ; ) {
        const got = readSync(fd, buffer, filled, drainBytes - filled, null);
        filled += got;
        if (filled === drainBytes || got === 0) {
          if (filled > 0) this.#sink.put(buffer.subarray(0, filled));
          filled = 0;
        }
        if (got === 0) return;
      }
    } finally {
      closeSync(fd);
    }
  }

  #provesZeros(): boolean {
    const { sizeBytes = 0 } = this.#data.target;
    const limit = Math.min(sizeBytes - heldBytes, this.#data.options.knownBytes ?? sizeBytes, 64 * heldBytes);
    return readsBackZeros(this.#target, heldBytes, limit);
  }
}

function threadError(error: unknown): ThreadError {
  if (error instanceof CaptError) return { code: error.code, details: error.details, message: error.message };
  return { code: undefined, details: {}, message: messageOf(error) };
}

function serve(port: MessagePort): void {
  let thread: DiskThread | undefined;
  port.on('message', ({ id, request }: { id: number; request: Request }) => {
    let answer: Answer;
    try {
      thread ??= new DiskThread(workerData as DiskThreadData);
      answer = { id, result: thread.do(request) };
    } catch (error) {
      answer = { id, error: threadError(error) };
    }
    if (request.do === 'put') port.postMessage({ ...answer, buffer: request.buffer }, [request.buffer]);
    else port.postMessage(answer);
    if (request.do === 'close') port.close();
  });
}

if (parentPort !== null) serve(parentPort);
