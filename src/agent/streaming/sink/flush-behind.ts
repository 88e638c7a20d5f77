import { type FileHandle, open } from 'node:fs/promises';

export interface FlushBehindOptions {
  /** The disk or the file that is being written. */
  readonly path: string;
  /** How much may gather in memory before it is sent to the disk. Default 64 MiB. */
  readonly everyBytes?: number;
  readonly open?: (path: string) => Promise<Pick<FileHandle, 'datasync' | 'close'>>;
}

/**
 * Has a disk write while the image still comes. By itself the kernel begins when a tenth of all memory waits to be written: on
 * a server with much of it the disk would rest until the whole image is there, and everything would happen at the end.
 */
export class FlushBehind {
  readonly #path: string;
  readonly #everyBytes: number;
  readonly #open: Required<FlushBehindOptions>['open'];
  #file: Pick<FileHandle, 'datasync' | 'close'> | undefined;
  #flushedBytes = 0;
  #running: Promise<void> | undefined;
  #ended = false;

  constructor({ path, everyBytes = 64 * 2 ** 20, open: opened = (name) => open(name) }: FlushBehindOptions) {
    this.#path = path;
    this.#everyBytes = everyBytes;
    this.#open = opened;
  }

  /** The kernel has taken `bytes` of the image. Nobody waits for what begins here, and one flush runs at a time. */
  notice(bytes: number): void {
    if (this.#ended || this.#running !== undefined || bytes - this.#flushedBytes < this.#everyBytes) return;
    this.#flushedBytes = bytes;
    this.#running = this.#flush().finally(() => {
      this.#running = undefined;
    });
  }

  /** Waits for the flush under way, lets no other begin, and lets go of the disk. */
  async end(): Promise<void> {
    this.#ended = true;
    await this.#running;
    await this.#file?.close().catch(() => {});
    this.#file = undefined;
  }

  /**
   * A failure needs no telling here: each open file is told of it (errseq_t of Linux), so the sync at the end, of the file that
   * was written through, fails as well.
   */
  async #flush(): Promise<void> {
    try {
      this.#file ??= await this.#open(this.#path);
      await this.#file.datasync();
    } catch {
      this.#ended = true;
    }
  }
}
