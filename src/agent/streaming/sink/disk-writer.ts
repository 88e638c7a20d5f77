import { extname } from 'node:path';
import type { BlockRing } from '../thread/block-ring.ts';
import { ThreadLink } from '../thread/thread-link.ts';
import { FlushBehind } from './flush-behind.ts';
import type { SinkResult } from './image-sink.ts';
import type { DiskThreadData, Request } from './messages.ts';

export interface DiskWriterOptions {
  readonly target: DiskThreadData['target'];
  readonly sink: DiskThreadData['options'];
  /** Buffers between the network and the disk. Default 8. */
  readonly slotCount?: number;
  /** Default 1 MiB. */
  readonly slotBytes?: number;
}

/** Beside this file, with its ending: `.ts` here, whatever the bundle has there. */
const script = new URL(`./disk-thread${extname(import.meta.url)}`, import.meta.url);

/**
 * The side of the disk thread that the rest of the agent sees. Memory is `slotCount` × `slotBytes` and what the thread itself
 * needs, however big the image is.
 */
export class DiskWriter {
  readonly #link: ThreadLink<Request, SinkResult>;
  readonly #counter = new BigUint64Array(new SharedArrayBuffer(16));
  readonly #flushBehind: FlushBehind;

  constructor({ target, sink, slotCount, slotBytes }: DiskWriterOptions) {
    const workerData: DiskThreadData = { target, options: sink, counter: this.#counter.buffer };
    this.#flushBehind = new FlushBehind({ path: target.path });
    this.#link = new ThreadLink({ script, name: 'disk', workerData, slotCount, slotBytes });
  }

  /** Bytes of the image that the thread has taken. */
  get bytes(): number {
    return Number(Atomics.load(this.#counter, 0));
  }

  /** Buffers that are filled or being written: never more than `slotCount`. */
  get slotsInUse(): number {
    return this.#link.slotsInUse;
  }

  /** Opens the disk and takes away what could be booted from it. */
  async prepare(): Promise<void> {
    await this.#link.ask({ do: 'prepare' });
  }

  /** The next bytes of the image. Resolves when there is room for more; rejects when an earlier write has failed. */
  async write(chunk: Uint8Array): Promise<void> {
    await this.#link.write(chunk);
  }

  /** Writes everything that comes out of a named pipe or a ring, until its end. */
  async drain(from: string | BlockRing): Promise<void> {
    await this.#link.ask({ do: 'drain', from: typeof from === 'string' ? from : from.memory });
  }

  /** Starts sending to the disk what was taken, when it is much; to be called now and then. */
  flushBehind(): void {
    this.#flushBehind.notice(this.bytes);
  }

  /** No more bytes: resolves when all are on the medium. */
  async finish(): Promise<SinkResult> {
    await this.#flushBehind.end();
    const result = await this.#link.finish({ do: 'finish' });
    if (result === undefined) throw new Error('finish has no result');
    return result;
  }

  /** Reads everything back and compares digests. */
  async verify(): Promise<void> {
    await this.#link.ask({ do: 'verify' });
  }

  /** Makes the disk what the image says, the first sectors last. */
  async commit(): Promise<void> {
    await this.#link.ask({ do: 'commit' });
  }

  /** No more bytes are taken, those that came before included: a write under way ends, and fails. */
  stop(): void {
    Atomics.store(this.#counter, 1, 1n);
  }

  /** Something was wrong: makes sure that the disk is not bootable. */
  async wipe(): Promise<void> {
    this.stop();
    await this.#link.ask({ do: 'wipe' });
  }

  /** Closes the disk and ends the thread. */
  async close(): Promise<void> {
    try {
      await this.#flushBehind.end();
      await this.#link.ask({ do: 'close' });
    } finally {
      await this.#link.terminate();
    }
  }
}
