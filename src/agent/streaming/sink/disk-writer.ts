import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { CaptError } from '../../../api/errors/capt-error.ts';
import type { SinkResult } from './image-sink.ts';
import type { Answer, DiskThreadData, Request, ThreadError } from './messages.ts';

export interface DiskWriterOptions {
  readonly target: DiskThreadData['target'];
  readonly sink: DiskThreadData['options'];
  /** What `write` gets is compressed so. Default: not at all. */
  readonly decode?: DiskThreadData['decode'];
  /** Buffers between the network and the disk. Default 8. */
  readonly slotCount?: number;
  /** Default 1 MiB. */
  readonly slotBytes?: number;
}

interface Waiting {
  resolve(result: SinkResult | undefined): void;
  reject(error: Error): void;
}

/** Beside this file, with its ending: `.ts` here, whatever the bundle has there. */
const threadUrl = new URL(`./disk-thread${extname(import.meta.url)}`, import.meta.url);

/**
 * The side of the disk thread that the rest of the agent sees. Requests are answered in order. Memory is `slotCount` ×
 * `slotBytes` and what the thread itself needs, however big the image is.
 */
export class DiskWriter {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #counter = new SharedArrayBuffer(16);
  readonly #slotCount: number;
  readonly #slotBytes: number;
  readonly #freeSlots: ArrayBuffer[];
  #onFreeSlot: (() => void) | undefined;
  #current: { slot: Uint8Array<ArrayBuffer>; filled: number } | undefined;
  #failure: Error | undefined;
  #nextId = 0;

  constructor(options: DiskWriterOptions) {
    const { slotCount = 8, slotBytes = 1 << 20 } = options;
    this.#slotBytes = slotBytes;
    this.#slotCount = slotCount;
    this.#freeSlots = Array.from({ length: slotCount }, () => new ArrayBuffer(slotBytes));
    const workerData: DiskThreadData = {
      target: options.target,
      options: options.sink,
      decode: options.decode,
      counter: this.#counter,
    };
    this.#worker = new Worker(threadUrl, { workerData, name: 'disk', execArgv: [] });
    this.#worker.on('message', (answer: Answer) => this.#settle(answer));
    this.#worker.on('error', (error) => this.#fail(error instanceof Error ? error : new Error(String(error))));
    this.#worker.on('exit', () => this.#fail(new Error('the thread that writes the disk has ended')));
  }

  /** Bytes of the image that the thread has taken. */
  get bytes(): number {
    return Number(Atomics.load(new BigUint64Array(this.#counter), 0));
  }

  /** Buffers that are filled or being written: never more than `slotCount`. */
  get slotsInUse(): number {
    return this.#slotCount - this.#freeSlots.length;
  }

  /** Opens the disk and takes away what could be booted from it. */
  async prepare(): Promise<void> {
    await this.#ask({ do: 'prepare' });
  }

  /** The next bytes of the image. Resolves when there is room for more; rejects when an earlier write has failed. */
  async write(chunk: Uint8Array): Promise<void> {
    for (let start = 0; start < chunk.length; ) {
      if (this.#current === undefined) this.#current = { slot: new Uint8Array(await this.#takeSlot()), filled: 0 };
      const { slot, filled } = this.#current;
      const part = chunk.subarray(start, start + this.#slotBytes - filled);
      slot.set(part, filled);
      start += part.length;
      this.#current.filled += part.length;
      if (this.#current.filled === this.#slotBytes) this.#putSlot();
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Writes everything that comes out of a named pipe, until its end. */
  async drain(pipe: string): Promise<void> {
    await this.#ask({ do: 'drain', pipe });
  }

  /** No more bytes: resolves when all are on the medium. */
  async finish(): Promise<SinkResult> {
    if (this.#current !== undefined) this.#putSlot();
    const result = await this.#ask({ do: 'finish' });
    if (this.#failure !== undefined) throw this.#failure;
    if (result === undefined) throw new Error('finish has no result');
    return result;
  }

  /** Reads everything back and compares digests. */
  async verify(): Promise<void> {
    await this.#ask({ do: 'verify' });
  }

  /** Everything was right: makes the disk bootable. */
  async commit(): Promise<void> {
    await this.#ask({ do: 'commit' });
  }

  /** No more bytes are taken, those that came before included: a write under way ends, and fails. */
  stop(): void {
    Atomics.store(new BigUint64Array(this.#counter), 1, 1n);
  }

  /** Something was wrong: makes sure that the disk is not bootable. */
  async wipe(): Promise<void> {
    this.stop();
    await this.#ask({ do: 'wipe' });
  }

  /** Closes the disk and ends the thread. */
  async close(): Promise<void> {
    try {
      await this.#ask({ do: 'close' });
    } finally {
      await this.#worker.terminate();
    }
  }

  #putSlot(): void {
    if (this.#current === undefined) return;
    const { slot, filled } = this.#current;
    this.#current = undefined;
    this.#ask({ do: 'put', buffer: slot.buffer, bytes: filled }, [slot.buffer]).catch((error: Error) => {
      this.#failure ??= error;
    });
  }

  async #takeSlot(): Promise<ArrayBuffer> {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure;
      const slot = this.#freeSlots.pop();
      if (slot !== undefined) return slot;
      await new Promise<void>((resolve) => {
        this.#onFreeSlot = resolve;
      });
    }
  }

  #ask(request: Request, transfer: ArrayBuffer[] = []): Promise<SinkResult | undefined> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, request }, transfer);
    });
  }

  #settle({ id, result, error, buffer }: Answer): void {
    if (buffer !== undefined) {
      this.#freeSlots.push(buffer);
      // After the failure, if this is one, has been noted.
      queueMicrotask(() => queueMicrotask(() => this.#onFreeSlot?.()));
    }
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(result);
    else waiting?.reject(revive(error));
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#failure);
    this.#waiting.clear();
    this.#onFreeSlot?.();
  }
}

function revive({ code, details, message }: ThreadError): Error {
  return code === undefined ? new Error(message) : new CaptError(code, details);
}
