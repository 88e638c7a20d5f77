/** A partition of an image, in bytes from its start. */
export interface ImagePartition {
  readonly number: number;
  readonly start: number;
  readonly end: number;
}

export interface ImageTable {
  readonly kind: 'gpt' | 'mbr';
  readonly partitions: readonly ImagePartition[];
  /** Bytes an image needs to hold all its partitions and, for GPT, the copy of the table behind them. */
  readonly neededBytes: number;
}

const signature = 0xaa55;
const protectiveType = 0xee;
/** MBR, header and 32 sectors of entries. */
const smallestGptBytes = 34 * 512;

/**
 * The partition table at the start of an image (MBR, or GPT by UEFI 2.10 5.3), undefined when there is none that is sound: an
 * image may well be a file system. GPT is tried with sectors of 512 and 4096 bytes.
 */
export function imageTable(head: Uint8Array): ImageTable | undefined {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.length);
  return gpt(bytes, 512) ?? gpt(bytes, 4096) ?? mbr(bytes);
}

function gpt(bytes: Buffer, sectorBytes: number): ImageTable | undefined {
  if (bytes.length < sectorBytes * 2 || bytes.toString('latin1', sectorBytes, sectorBytes + 8) !== 'EFI PART')
    return undefined;
  const sector = (offset: number): number => Number(bytes.readBigUInt64LE(offset)) * sectorBytes;
  const copyStart = sector(sectorBytes + 32);
  const entriesStart = sector(sectorBytes + 72);
  const count = bytes.readUInt32LE(sectorBytes + 80);
  const entryBytes = bytes.readUInt32LE(sectorBytes + 84);
  if (entryBytes < 128 || count > 4096) return undefined;
  const partitions: ImagePartition[] = [];
  for (let index = 0; index < count; index++) {
    const offset = entriesStart + index * entryBytes;
    if (offset + 128 > bytes.length) break;
    if (bytes.subarray(offset, offset + 16).every((byte) => byte === 0)) continue;
    partitions.push({ number: index + 1, start: sector(offset + 32), end: sector(offset + 40) + sectorBytes });
  }
  return { kind: 'gpt', partitions, neededBytes: Math.max(copyStart + sectorBytes, lastEnd(partitions)) };
}

/** Four entries of 16 bytes at 446; sectors of 512 bytes. */
function mbr(bytes: Buffer): ImageTable | undefined {
  if (bytes.length < 512 || bytes.readUInt16LE(510) !== signature) return undefined;
  const partitions: ImagePartition[] = [];
  let isProtective = false;
  for (let index = 0; index < 4; index++) {
    const offset = 446 + 16 * index;
    const status = bytes[offset] ?? 0;
    const type = bytes[offset + 4] ?? 0;
    // Boot sectors of file systems carry the same signature; what they have here is code.
    if (status !== 0 && status !== 0x80) return undefined;
    if (type === protectiveType) isProtective = true;
    if (type === 0 || type === protectiveType) continue;
    const start = bytes.readUInt32LE(offset + 8) * 512;
    partitions.push({ number: index + 1, start, end: start + bytes.readUInt32LE(offset + 12) * 512 });
  }
  // A protective entry announces a GPT: an image that ends before it is cut.
  if (isProtective && partitions.length === 0) return { kind: 'gpt', partitions, neededBytes: smallestGptBytes };
  return partitions.length === 0 ? undefined : { kind: 'mbr', partitions, neededBytes: lastEnd(partitions) };
}

function lastEnd(partitions: readonly ImagePartition[]): number {
  return partitions.reduce((end, partition) => Math.max(end, partition.end), 0);
}

/** Why an image of so many bytes cannot be whole, undefined when it can. */
export function cutReason(table: ImageTable | undefined, imageBytes: number): string | undefined {
  if (imageBytes % 512 !== 0) return 'it is no whole number of sectors of 512 bytes';
  if (table === undefined || imageBytes >= table.neededBytes) return undefined;
  const cut = table.partitions.find(({ end }) => end > imageBytes);
  if (cut === undefined) return 'the table or its copy at the end is missing';
  return `partition ${cut.number} ends at byte ${cut.end}`;
}
