import { spawnSync } from 'node:child_process';
import { closeSync, constants, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { CaptError, messageOf } from '../../../api/errors/capt-error.ts';
import type { Target } from './target.ts';

export interface FileTargetOptions {
  readonly path: string;
  /** Of the disk; undefined for a file, which is emptied and grows. */
  readonly sizeBytes?: number;
  /** The program that makes ranges zero (util-linux). Default `blkdiscard`. */
  readonly blkdiscard?: string;
}

/** A disk or a file, opened for this process alone: a disk that is mounted or part of a RAID does not open. */
export class FileTarget implements Target {
  readonly name: string;
  readonly sizeBytes: number;
  readonly #fd: number;
  readonly #isFile: boolean;
  readonly #blkdiscard: string;
  /** Past the page cache, opened when it is first needed. */
  #directFd: number | undefined;

  constructor(options: FileTargetOptions) {
    this.name = options.path;
    this.sizeBytes = options.sizeBytes ?? Number.POSITIVE_INFINITY;
    this.#blkdiscard = options.blkdiscard ?? 'blkdiscard';
    this.#fd = open(options.path);
    this.#isFile = fstatSync(this.#fd).isFile();
    if (this.#isFile) ftruncateSync(this.#fd, 0);
  }

  write(bytes: Uint8Array, position: number): void {
    let done = 0;
    try {
      while (done < bytes.length) done += writeSync(this.#fd, bytes, done, bytes.length - done, position + done);
    } catch (error) {
      throw this.#failure('write', position + done, error);
    }
  }

  read(into: Uint8Array, position: number): number {
    let done = 0;
    try {
      const fd = this.#direct();
      while (done < into.length) {
        const got = readSync(fd, into, done, into.length - done, position + done);
        done += got;
        // What is not a whole number of sectors was the end of a file.
        if (got === 0 || done % 512 !== 0) break;
      }
    } catch (error) {
      throw this.#failure('read', position + done, error);
    }
    return done;
  }

  sync(): void {
    try {
      fsyncSync(this.#fd);
    } catch (error) {
      throw this.#failure('flush', 0, error);
    }
  }

  zero(position: number, lengthBytes: number): void {
    const args = ['--zeroout', '--force', '--offset', String(position), '--length', String(lengthBytes), this.name];
    const result = spawnSync(this.#blkdiscard, args, { encoding: 'utf8' });
    if (result.status === 0) return;
    throw this.#failure('zero', position, result.error ?? result.stderr.trim());
  }

  extend(sizeBytes: number): void {
    if (this.#isFile && fstatSync(this.#fd).size < sizeBytes) ftruncateSync(this.#fd, sizeBytes);
  }

  close(): void {
    if (this.#directFd !== undefined) closeSync(this.#directFd);
    closeSync(this.#fd);
  }

  /** Some file systems refuse O_DIRECT; there the page cache has to do. */
  #direct(): number {
    if (this.#directFd !== undefined) return this.#directFd;
    try {
      this.#directFd = openSync(this.name, constants.O_RDONLY | constants.O_DIRECT);
    } catch {
      this.#directFd = openSync(this.name, constants.O_RDONLY);
    }
    return this.#directFd;
  }

  #failure(what: string, offset: number, error: unknown): CaptError {
    return new CaptError(
      'DISK_IO_FAILED',
      { disk: this.name, what, offset, cause: messageOf(error) },
      { cause: error },
    );
  }
}

/** Never creates: a mistyped name would become a file in the memory of the installer. */
function open(path: string): number {
  try {
    // O_EXCL without O_CREAT: only for devices, and only when nobody has them mounted or claimed (open(2)).
    return openSync(path, constants.O_RDWR | constants.O_EXCL);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const causes: Record<string, string> = {
      EBUSY: 'it is in use: mounted, or part of a RAID, a volume group or a device mapping',
      ENOENT: 'it does not exist',
      EROFS: 'it is read-only',
      EACCES: 'this process may not write it',
    };
    const cause = causes[code ?? ''] ?? messageOf(error);
    throw new CaptError('DISK_REFUSED', { disk: path, cause }, { cause: error });
  }
}
