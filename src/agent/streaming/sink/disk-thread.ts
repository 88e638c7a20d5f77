/**
 * The thread that writes. It does one thing after the other and blocks in each, so that a pipe from a decoder is read no faster
 * than the disk takes it. A bundle of the agent has to hold this file beside it under the same name (see `disk-writer.ts`).
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { BlockRing } from '../thread/block-ring.ts';
import { serveThread } from '../thread/serve-thread.ts';
import { FileTarget } from './file-target.ts';
import { heldBytes, ImageSink, type SinkResult } from './image-sink.ts';
import type { DiskThreadData, Request } from './messages.ts';
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
  }

  do(request: Request): SinkResult | undefined {
    switch (request.do) {
      case 'prepare':
        return void this.#sink.prepare();
      case 'put':
        return void this.#sink.put(new Uint8Array(request.buffer, 0, request.bytes));
      case 'drain':
        return void this.#drain(request.from);
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

  #drain(from: string | SharedArrayBuffer): void {
    if (typeof from === 'string') this.#drainPipe(from);
    else for (const block of new BlockRing(from).blocks()) this.#sink.put(block);
  }

  #drainPipe(pipe: string): void {
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

if (parentPort !== null) {
  let thread: DiskThread | undefined;
  serveThread<Request, SinkResult | undefined>(
    parentPort,
    (request) => {
      thread ??= new DiskThread(workerData as DiskThreadData);
      return thread.do(request);
    },
    (request) => request.do === 'wipe' || request.do === 'close',
  );
}
