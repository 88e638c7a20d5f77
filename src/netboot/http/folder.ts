import { constants, readdirSync, realpathSync } from 'node:fs';
import { type FileHandle, open, readlink } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { CaptError, messageOf } from '../../api/errors/capt-error.ts';

/** A file that was opened; whoever has it closes it. */
export interface OpenFile {
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  /** The same as long as nobody writes to the file or puts another in its place. */
  readonly version: string;
  /** Bytes from `first` to `last`, both included; closes the file at its end. */
  read(first: number, last: number): Readable;
  close(): Promise<void>;
}

/** Read in pieces of this size: larger ones keep the event loop from others for longer. */
const pieceBytes = 256 * 1024;

/** A folder of the operator, out of which no path and no symbolic link leads. */
export class Folder {
  readonly #root: string;

  /** @throws CaptError ARTIFACTS_UNUSABLE */
  constructor(folder: string) {
    try {
      this.#root = realpathSync(folder);
      readdirSync(this.#root);
    } catch (cause) {
      throw new CaptError('ARTIFACTS_UNUSABLE', { folder, cause: messageOf(cause) }, { cause });
    }
  }

  get path(): string {
    return this.#root;
  }

  /**
   * @param path decoded, with `/` between its parts
   * @returns undefined when there is no such file in the folder
   */
  async open(path: string): Promise<OpenFile | undefined> {
    const parts = path.split('/');
    if (path.includes('\0') || parts.some((part) => part === '..' || part === '.' || part === '')) return undefined;
    const handle = await openQuietly(join(this.#root, ...parts));
    if (handle === undefined) return undefined;
    try {
      const { size, mtimeNs, mtimeMs, ino, dev, ...stat } = await handle.stat({ bigint: true });
      // What was opened counts, not what its name says: a link may change between two looks.
      const isFile = (Number(stat.mode) & constants.S_IFMT) === constants.S_IFREG;
      if (isFile && (await this.#contains(handle))) {
        const version = [dev, ino, size, mtimeNs].map((number) => number.toString(36)).join('-');
        return openFile(handle, { sizeBytes: Number(size), modifiedMs: Number(mtimeMs), version });
      }
    } catch (error) {
      await handle.close();
      throw error;
    }
    await handle.close();
    return undefined;
  }

  async #contains(handle: FileHandle): Promise<boolean> {
    const real = await readlink(`/proc/self/fd/${handle.fd}`);
    return real.startsWith(this.#root === sep ? sep : `${this.#root}${sep}`);
  }
}

/** Neither waits (a pipe has nobody at its other end) nor tells why a file cannot be opened. */
async function openQuietly(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return undefined;
  }
}

function openFile(handle: FileHandle, about: Pick<OpenFile, 'sizeBytes' | 'modifiedMs' | 'version'>): OpenFile {
  return {
    ...about,
    read: (start, end) => handle.createReadStream({ start, end, highWaterMark: pieceBytes }),
    close: () => handle.close(),
  };
}
