import { extname } from 'node:path';
import { BlockRing } from '../thread/block-ring.ts';
import { ThreadLink } from '../thread/thread-link.ts';
import type { DecodeRequest, DecodeThreadData } from './decode-thread.ts';
import type { BuiltIn } from './decoders.ts';
import type { Decompressor } from './decompressor.ts';

/** Beside this file, with its ending: `.ts` here, whatever the bundle has there. */
const script = new URL(`./decode-thread${extname(import.meta.url)}`, import.meta.url);

/** What Node decompresses by itself, in a thread of its own, so that it goes on while the disk is written. */
export class ThreadDecoder implements Decompressor {
  readonly output = new BlockRing();
  readonly #link: ThreadLink<DecodeRequest, void>;

  /** `url` is for messages. */
  constructor(format: BuiltIn, url: string) {
    const workerData: DecodeThreadData = { format, url, memory: this.output.memory };
    this.#link = new ThreadLink({ script, name: 'decode', workerData });
  }

  async decompress(chunks: AsyncIterator<Uint8Array>): Promise<void> {
    // Data that is wrong is not waited out until the network brings more.
    await Promise.race([this.#feed(chunks), this.#link.failed]);
  }

  async #feed(chunks: AsyncIterator<Uint8Array>): Promise<void> {
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) await this.#link.write(next.value);
    await this.#link.finish({ do: 'end' });
  }

  async stop(): Promise<void> {
    this.output.break();
    await this.#link.terminate();
  }
}
