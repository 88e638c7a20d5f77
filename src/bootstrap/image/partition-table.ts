import { crc32 } from 'node:zlib';

/** One partition of a GUID partition table. */
export interface Partition {
  /** From 1 on; the place in the table, not on the disk. */
  readonly number: number;
  /** GUIDs as people write them. */
  readonly type: string;
  readonly id: string;
  readonly name: string;
  readonly firstSector: number;
  readonly sectors: number;
}

export const sectorBytes = 512;

/** From the UEFI specification (ESP), from GRUB (BIOS boot), and the Discoverable Partitions Specification (root). */
export const partitionTypes = {
  biosBoot: '21686148-6449-6e6f-744e-656564454649',
  efiSystem: 'c12a7328-f81f-11d2-ba4b-00a0c93ec93b',
  root: { x86_64: '4f68bce3-e8cd-4db1-96e7-fbcaf984b709', aarch64: 'b921b045-1df0-41c3-af44-4c6f280d3fae' },
} as const;

const entryCount = 128;
const entryBytes = 128;
const tableSectors = (entryCount * entryBytes) / sectorBytes;
const headerBytes = 92;

/** First and last sector that partitions may use on a disk of so many sectors. */
export function usableSectors(diskSectors: number): { first: number; last: number } {
  return { first: 2 + tableSectors, last: diskSectors - tableSectors - 2 };
}

/**
 * The table for both ends of a disk (UEFI specification, 5.3): `start` from sector 0 on (with the protective MBR), `end` up
 * to the last sector. Throws when a partition does not fit or two overlap.
 */
export function partitionTable(
  diskSectors: number,
  diskId: string,
  partitions: readonly Partition[],
): { start: Buffer; end: Buffer } {
  check(diskSectors, partitions);
  const entries = Buffer.alloc(entryCount * entryBytes);
  for (const partition of partitions) writeEntry(entries, partition);
  const checksum = crc32(entries);
  const headerAt = (sector: number, other: number, table: number) =>
    header({ sector, other, table, diskSectors, diskId, checksum });
  const last = diskSectors - 1;
  return {
    start: Buffer.concat([protectiveMbr(diskSectors), headerAt(1, last, 2), entries]),
    end: Buffer.concat([entries, headerAt(last, 1, last - tableSectors)]),
  };
}

function check(diskSectors: number, partitions: readonly Partition[]): void {
  const { first, last } = usableSectors(diskSectors);
  let free = first;
  for (const { number, firstSector, sectors } of partitions.toSorted((a, b) => a.firstSector - b.firstSector)) {
    if (number < 1 || number > entryCount) throw new Error(`there is no partition number ${number}`);
    if (firstSector < free || sectors < 1 || firstSector + sectors - 1 > last) {
      throw new Error(
        `partition ${number} (${sectors} sectors from ${firstSector} on) does not lie in ${free}-${last}`,
      );
    }
    free = firstSector + sectors;
  }
}

function writeEntry(entries: Buffer, { number, type, id, name, firstSector, sectors }: Partition): void {
  const at = (number - 1) * entryBytes;
  guid(type).copy(entries, at);
  guid(id).copy(entries, at + 16);
  entries.writeBigUInt64LE(BigInt(firstSector), at + 32);
  entries.writeBigUInt64LE(BigInt(firstSector + sectors - 1), at + 40);
  Buffer.from(name.slice(0, 36), 'utf16le').copy(entries, at + 56);
}

interface Header {
  sector: number;
  other: number;
  table: number;
  diskSectors: number;
  diskId: string;
  checksum: number;
}

function header({ sector, other, table, diskSectors, diskId, checksum }: Header): Buffer {
  const { first, last } = usableSectors(diskSectors);
  const result = Buffer.alloc(sectorBytes);
  result.write('EFI PART', 'latin1');
  result.writeUInt32LE(0x10000, 8);
  result.writeUInt32LE(headerBytes, 12);
  for (const [at, value] of [
    [24, sector],
    [32, other],
    [40, first],
    [48, last],
    [72, table],
  ] as const) {
    result.writeBigUInt64LE(BigInt(value), at);
  }
  guid(diskId).copy(result, 56);
  result.writeUInt32LE(entryCount, 80);
  result.writeUInt32LE(entryBytes, 84);
  result.writeUInt32LE(checksum, 88);
  result.writeUInt32LE(crc32(result.subarray(0, headerBytes)), 16);
  return result;
}

/** One partition over everything, so that programs without GPT see no free disk. */
function protectiveMbr(diskSectors: number): Buffer {
  const result = Buffer.alloc(sectorBytes);
  result.set([0x00, 0x00, 0x02, 0x00, 0xee, 0xff, 0xff, 0xff], 446);
  result.writeUInt32LE(1, 454);
  result.writeUInt32LE(Math.min(diskSectors - 1, 0xffffffff), 458);
  result.writeUInt16LE(0xaa55, 510);
  return result;
}

/** The first three groups are little-endian on disk. */
function guid(text: string): Buffer {
  const hex = text.replaceAll('-', '');
  if (!/^[0-9a-f]{32}$/i.test(hex)) throw new Error(`${text} is no GUID`);
  const bytes = Buffer.from(hex, 'hex');
  return Buffer.concat([
    bytes.subarray(0, 4).toReversed(),
    bytes.subarray(4, 6).toReversed(),
    bytes.subarray(6, 8).toReversed(),
    bytes.subarray(8),
  ]);
}
