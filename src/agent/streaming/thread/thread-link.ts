import { type TransferListItem, Worker } from 'node:worker_threads';
import type { Answer, Put } from './messages.ts';
import { unpackError } from './thread-error.ts';

export interface ThreadLinkOptions {
  /** The program of the thread (`serveThread`). */
  readonly script: URL;
  readonly name: string;
  readonly workerData: unknown;
  /** Buffers on their way to the thread. Default 8. */
  readonly slotCount?: number | undefined;
  /** Default 1 MiB. */
  readonly slotBytes?: number | undefined;
}

interface Waiting<Result> {
  resolve(result: Result | undefined): void;
  reject(error: Error): void;
}

/**
 * The side of a thread that the rest of the agent sees. Requests are answered in order; data goes in buffers that change hands,
 * never more than `slotCount` of them. They are not shared memory: V8 copies into that several times slower.
 */
export class ThreadLink<Request extends { readonly do: string }, Result> {
  readonly #worker: Worker;
  readonly #name: string;
  readonly #waiting = new Map<number, Waiting<Result>>();
  readonly #slotCount: number;
  readonly #slotBytes: number;
  readonly #freeSlots: ArrayBuffer[];
  #onFreeSlot: (() => void) | undefined;
  #current: { slot: Uint8Array<ArrayBuffer>; filled: number } | undefined;
  #failure: Error | undefined;
  readonly #failed = Promise.withResolvers<never>();
  #nextId = 0;

  constructor({ script, name, workerData, slotCount = 8, slotBytes = 1 << 20 }: ThreadLinkOptions) {
    this.#name = name;
    this.#slotBytes = slotBytes;
    this.#slotCount = slotCount;
    this.#freeSlots = Array.from({ length: slotCount }, () => new ArrayBuffer(slotBytes));
    this.#failed.promise.catch(() => {});
    this.#worker = new Worker(script, { workerData, name, execArgv: [] });
    this.#worker.on('message', (answer: Answer<Result>) => this.#settle(answer));
    this.#worker.on('error', (error) => this.#fail(error instanceof Error ? error : new Error(String(error))));
    this.#worker.on('exit', () => this.#fail(new Error(`the thread ${name} has ended`)));
  }

  /** Rejects when something that was written failed, or the thread has ended. */
  get failed(): Promise<never> {
    return this.#failed.promise;
  }

  /** Buffers that are filled or being worked on: never more than `slotCount`. */
  get slotsInUse(): number {
    return this.#slotCount - this.#freeSlots.length;
  }

  /** The next bytes. Resolves when there is room for more; rejects when earlier ones have failed. */
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

  /** Hands over what was written so far, and asks for what has to come after it. Rejects when any of that has failed. */
  async finish(request: Request): Promise<Result | undefined> {
    if (this.#current !== undefined) this.#putSlot();
    const result = await this.ask(request);
    if (this.#failure !== undefined) throw this.#failure;
    return result;
  }

  ask(request: Request): Promise<Result | undefined> {
    return this.#post(request);
  }

  async terminate(): Promise<void> {
    this.#fail(new Error(`the thread ${this.#name} was ended`));
    await this.#worker.terminate();
  }

  #post(request: Request | Put, transfer: TransferListItem[] = []): Promise<Result | undefined> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, request }, transfer);
    });
  }

  #putSlot(): void {
    if (this.#current === undefined) return;
    const { slot, filled } = this.#current;
    this.#current = undefined;
    this.#post({ do: 'put', buffer: slot.buffer, bytes: filled }, [slot.buffer]).catch((error: Error) =>
      this.#note(error),
    );
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

  #settle({ id, result, error, buffer }: Answer<Result>): void {
    if (buffer !== undefined) {
      this.#freeSlots.push(buffer);
      // After the failure, if this is one, has been noted.
      queueMicrotask(() => queueMicrotask(() => this.#onFreeSlot?.()));
    }
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(result);
    else waiting?.reject(unpackError(error));
  }

  #note(error: Error): void {
    this.#failure ??= error;
    this.#failed.reject(error);
  }

  #fail(error: Error): void {
    this.#note(error);
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
    this.#onFreeSlot?.();
  }
}
