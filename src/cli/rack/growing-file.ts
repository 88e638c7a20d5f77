import { open } from 'node:fs/promises';

/** A file that others write to: gives what has been added since the last look. */
export class GrowingFile {
  readonly #path: string;
  #offset: number | undefined;
  readonly #tailBytes: number;

  /** The first look gives at most the last `tailBytes`. */
  constructor(path: string, tailBytes: number) {
    this.#path = path;
    this.#tailBytes = tailBytes;
  }

  /** Empty when there is nothing new, or no file yet. One that became shorter was begun anew. */
  async added(): Promise<Buffer> {
    const file = await open(this.#path, 'r').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (file === undefined) return Buffer.alloc(0);
    await using opened = file;
    const { size } = await opened.stat();
    let from = this.#offset ?? Math.max(0, size - this.#tailBytes);
    if (from > size) from = 0;
    const { buffer, bytesRead } = await opened.read(Buffer.alloc(Math.min(size - from, 2 ** 20)), { position: from });
    this.#offset = from + bytesRead;
    return buffer.subarray(0, bytesRead);
  }
}
