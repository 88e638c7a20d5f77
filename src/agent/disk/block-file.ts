import { constants, type FileHandle, open, readdir, readFile, realpath } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { CaptError, messageOf } from '../../api/errors/capt-error.ts';
import type { ActionContext } from '../actions/action.ts';
import { untilDevice } from '../mount/device.ts';
import { readPartitionTable } from './partition-table.ts';
import type { Range } from './ranges.ts';

export const chunkBytes = 4 * 1024 * 1024;

/**
 * Waits for block devices and finds out that each can be claimed, before the first is touched: half a job helps nobody.
 * Throws `ACTION_DEVICE_MISSING`, `ACTION_DEVICE_BUSY`.
 */
export async function claimable(context: ActionContext, devices: readonly string[]): Promise<void> {
  for (const device of devices) await untilDevice(context, device);
  for (const device of devices) await (await BlockFile.open(context, device, 'write'))[Symbol.asyncDispose]();
}

/** A block device that nobody else uses, as a file. */
export class BlockFile implements AsyncDisposable {
  readonly device: string;
  readonly sizeBytes: number;
  readonly #handle: FileHandle;
  readonly #context: ActionContext;

  private constructor(context: ActionContext, device: string, handle: FileHandle, sizeBytes: number) {
    this.#context = context;
    this.device = device;
    this.#handle = handle;
    this.sizeBytes = sizeBytes;
  }

  /** Throws `ACTION_DEVICE_BUSY` when the device or a partition of it is mounted, swap, or part of LVM or RAID. */
  static async open(context: ActionContext, device: string, access: 'read' | 'write'): Promise<BlockFile> {
    // On a block device O_EXCL is a claim: refused while there is another, and it keeps others out.
    const flags = access === 'read' ? constants.O_RDONLY : constants.O_RDWR | constants.O_EXCL;
    let handle: FileHandle;
    try {
      handle = await open(device, flags);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENXIO') throw new CaptError('ACTION_DEVICE_MISSING', { device, seconds: 30 });
      throw new CaptError('ACTION_DEVICE_BUSY', { device, cause: messageOf(error) }, { cause: error });
    }
    try {
      // What is read shall come from the disk, not from memory.
      await context.run('blockdev', ['--flushbufs', device]);
      const { stdout } = await context.run('blockdev', ['--getsize64', device], { onLine: () => {} });
      return new BlockFile(context, device, handle, Number(stdout));
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** Partitions that the kernel knows, and those of the partition table: one may be behind the other. */
  async partitions(): Promise<Range[]> {
    const folder = join(this.#context.paths.sys, 'class/block', basename(await realpath(this.device)));
    const names = await readdir(folder).catch(() => []);
    const numbers = async (name: string, field: string) =>
      Number(await readFile(join(folder, name, field), 'utf8').catch(() => 'none')) * 512;
    const known = await Promise.all(
      names.map(async (name) => ({ start: await numbers(name, 'start'), size: await numbers(name, 'size') })),
    );
    const inTable = await this.#partitionTable();
    return [...known, ...inTable]
      .filter(({ start, size }) => start > 0 && size > 0)
      .map(({ start, size }) => ({ start, end: start + size }));
  }

  /** In bytes; nothing when there is no table, or no program here that reads it. */
  async #partitionTable(): Promise<{ start: number; size: number }[]> {
    const table = await readPartitionTable(this.#context, this.device).catch(() => undefined);
    return (table?.partitions ?? []).map(({ start, size }) => ({
      start: start * (table?.sectorBytes ?? 512),
      size: size * (table?.sectorBytes ?? 512),
    }));
  }

  /** Overwrites with zeros and waits for the disk. */
  async zero({ start, end }: Range, onProgress: (bytes: number) => void = () => {}): Promise<void> {
    const zeros = Buffer.alloc(chunkBytes);
    for (let at = start; at < end; ) {
      this.#context.signal.throwIfAborted();
      const { bytesWritten } = await this.#handle.write(zeros, 0, Math.min(chunkBytes, end - at), at);
      at += bytesWritten;
      onProgress(at - start);
    }
    await this.#handle.sync();
  }

  /** Gives the bytes of a range, chunk by chunk. A chunk is only good until the next. */
  async *read({ start, end }: Range): AsyncGenerator<Buffer> {
    const buffer = Buffer.allocUnsafe(chunkBytes);
    for (let at = start; at < end; ) {
      this.#context.signal.throwIfAborted();
      const { bytesRead } = await this.#handle.read(buffer, 0, Math.min(chunkBytes, end - at), at);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
      at += bytesRead;
    }
  }

  /** Where the first byte that is not zero stands, read from the disk. */
  async firstData(range: Range): Promise<number | undefined> {
    await this.#context.run('blockdev', ['--flushbufs', this.device]);
    const zeros = Buffer.alloc(chunkBytes);
    let at = range.start;
    for await (const chunk of this.read(range)) {
      if (chunk.compare(zeros, 0, chunk.length) !== 0) return at + chunk.findIndex((byte) => byte !== 0);
      at += chunk.length;
    }
    return undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.close();
  }
}
