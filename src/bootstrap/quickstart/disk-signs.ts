import { type FileHandle, open } from 'node:fs/promises';

const sectorBytes = 512;
/** Where partition tables and headers of file systems lie: at the beginning of a disk and of each of its partitions. */
const headBytes = 4 * 2 ** 20;
/** A copy of the partition table is at the end of a disk. */
const tailBytes = 2 ** 20;
const mostPartitions = 128;

/** Where the partitions of a disk begin, in bytes, by its GPT (UEFI specification, section 5.3); none without one. */
export async function partitionStarts(file: string): Promise<number[]> {
  await using disk = await open(file, 'r');
  const header = await read(disk, sectorBytes, sectorBytes);
  if (header.toString('latin1', 0, 8) !== 'EFI PART') return [];
  const count = Math.min(header.readUInt32LE(80), mostPartitions);
  const sizeBytes = Math.min(header.readUInt32LE(84), sectorBytes);
  const entries = await read(disk, Number(header.readBigUInt64LE(72)) * sectorBytes, count * sizeBytes);
  const starts: number[] = [];
  for (let at = 0; at + sizeBytes <= entries.length && sizeBytes >= 40; at += sizeBytes) {
    const isUsed = entries.subarray(at, at + 16).some((byte) => byte !== 0);
    if (isUsed) starts.push(Number(entries.readBigUInt64LE(at + 32)) * sectorBytes);
  }
  return starts;
}

/**
 * Looks at a disk from outside, as the next owner of the host could.
 * @param starts where partitions began when there were some
 * @returns where the first byte is that is not zero, among those that a quick wipe has to clear; nothing when there is none
 */
export async function firstSign(file: string, starts: readonly number[]): Promise<string | undefined> {
  await using disk = await open(file, 'r');
  const { size } = await disk.stat();
  const heads = [0, ...starts].map((start) => [start, headBytes] as const);
  for (const [start, length] of [...heads, [Math.max(0, size - tailBytes), tailBytes] as const]) {
    const offset = (await read(disk, start, Math.min(length, size - start))).findIndex((byte) => byte !== 0);
    if (offset >= 0) return `something at byte ${start + offset} of ${file}`;
  }
  return undefined;
}

async function read(disk: FileHandle, start: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await disk.read(Buffer.alloc(Math.max(0, length)), 0, Math.max(0, length), start);
  return bytesRead === length ? buffer : buffer.subarray(0, bytesRead);
}
