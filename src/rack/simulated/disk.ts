import { type FileHandle, open } from 'node:fs/promises';
import type { Instance } from './os/instance.ts';

/** What is on a disk, as far as a simulated machine cares. */
export interface DiskContent {
  /** The image that was streamed to it. */
  image: string;
  /** What the OS has learned on its first boot and keeps; absent before. */
  instance?: Instance;
}

/** The content lies in the first bytes, where an installer writes the partition table and a wipe erases it. */
const headerBytes = 1024 * 1024;

/** The disk of a simulated machine: a sparse file, of which only what was written takes room. */
export class SimulatedDisk implements AsyncDisposable {
  readonly #file: FileHandle;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Opens the disk in `path`, making one of `sizeBytes` when there is none. */
  static async open(path: string, sizeBytes = 8 * 1024 ** 3): Promise<SimulatedDisk> {
    const file = await open(path, 'a').then(async (made) => {
      await made.truncate(sizeBytes);
      await made.close();
      return await open(path, 'r+');
    });
    return new SimulatedDisk(file);
  }

  /** `undefined` when nothing can be booted from it. */
  async read(): Promise<DiskContent | undefined> {
    const { buffer, bytesRead } = await this.#file.read(Buffer.alloc(headerBytes), 0, headerBytes, 0);
    const end = buffer.subarray(0, bytesRead).indexOf(0);
    const text = buffer.toString('utf8', 0, end < 0 ? bytesRead : end);
    return text === '' ? undefined : (JSON.parse(text) as DiskContent);
  }

  async write(content: DiskContent): Promise<void> {
    const text = Buffer.from(JSON.stringify(content));
    if (text.length >= headerBytes) throw new Error(`${text.length} bytes are too many for the head of a disk`);
    const header = Buffer.alloc(headerBytes);
    text.copy(header);
    await this.#file.write(header, 0, headerBytes, 0);
  }

  async wipe(): Promise<void> {
    await this.#file.write(Buffer.alloc(headerBytes), 0, headerBytes, 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }
}
