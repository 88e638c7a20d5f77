/**
 * The thread that writes. It does one thing after the other and blocks in each, so that a pipe from a decoder is read no faster
 * than the disk takes it. A bundle of the agent has to hold this file beside it under the same name (see `disk-writer.ts`).
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { CaptError, messageOf } from '../../../api/errors/capt-error.ts';
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
  #result: SinkResult | undefined;
  #verified = false;

  constructor(data: DiskThreadData) {
    this.#data = data;
    this.#target = new FileTarget(data.target);
    const counter = new BigUint64Array(data.counter);
    const isDisk = data.target.sizeBytes !== undefined;
    const { skipZeros, ...options } = data.options;
    this.#sink = new ImageSink(this.#target, {
      ...options,
      blank: skipZeros && !isDisk,
      zeroAhead: () => skipZeros && isDisk && this.#provesZeros(),
      onBytes: (bytes) => Atomics.store(counter, 0, BigInt(bytes)),
    });
  }

  do(request: Request): SinkResult | undefined {
    switch (request.do) {
      case 'prepare':
        return void this.#sink.prepare();
      case 'put':
        return void this.#sink.put(new Uint8Array(request.buffer, 0, request.bytes));
      case 'drain':
        return void this.#drain(request.pipe);
      case 'finish':
        this.#result = this.#sink.finish();
        return this.#result;
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
