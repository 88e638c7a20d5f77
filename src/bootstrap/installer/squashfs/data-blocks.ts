import { promisify } from 'node:util';
import { constants, zstdCompress } from 'node:zlib';

/** Contents of files, as squashfs has them. */
export interface PackedData {
  /** All blocks, one after the other. */
  readonly data: Buffer;
  readonly files: ReadonlyMap<string, PackedFile>;
  /** Blocks that small files share. */
  readonly fragments: readonly PackedBlock[];
}

export interface PackedFile {
  /** From the start of the data. */
  readonly start: number;
  /** Size of each block with the flag that it is not compressed; 0 for one that is all zero and lies nowhere. */
  readonly blockSizes: readonly number[];
  readonly fragment?: { readonly index: number; readonly offset: number };
}

export interface PackedBlock {
  readonly start: number;
  readonly size: number;
}

export interface DataOptions {
  /** A power of two, 4 KiB to 1 MiB. */
  readonly blockSize: number;
  /** Of zstd. */
  readonly level: number;
}

const notCompressed = 1 << 24;

/** Cuts files into blocks; those smaller than a block share blocks with their neighbours. */
export async function packData(files: ReadonlyMap<string, Uint8Array>, options: DataOptions): Promise<PackedData> {
  const { blockSize } = options;
  const plan = planBlocks(files, blockSize);
  // At once: libuv only works on a few.
  const packed = await Promise.all(plan.blocks.map((block) => packBlock(block, options)));
  const starts: number[] = [];
  let length = 0;
  for (const { data } of packed) {
    starts.push(length);
    length += data.length;
  }
  const at = (index: number) => ({ start: starts[index] ?? length, size: packed[index]?.size ?? 0 });
  const described = plan.files.map(({ path, first, count, fragment }): [string, PackedFile] => [
    path,
    {
      start: at(first).start,
      blockSizes: packed.slice(first, first + count).map(({ size }) => size),
      ...(fragment === undefined ? {} : { fragment }),
    },
  ]);
  return {
    data: Buffer.concat(packed.map(({ data }) => data)),
    files: new Map(described),
    fragments: plan.fragments.map(at),
  };
}

interface Plan {
  readonly blocks: Uint8Array[];
  readonly files: { path: string; first: number; count: number; fragment?: { index: number; offset: number } }[];
  /** Which of the blocks are fragments. */
  readonly fragments: number[];
}

function planBlocks(files: ReadonlyMap<string, Uint8Array>, blockSize: number): Plan {
  const plan: Plan = { blocks: [], files: [], fragments: [] };
  let shared: Uint8Array[] = [];
  let sharedLength = 0;
  const endShared = () => {
    if (sharedLength === 0) return;
    plan.fragments.push(plan.blocks.push(Buffer.concat(shared)) - 1);
    shared = [];
    sharedLength = 0;
  };
  for (const [path, data] of files) {
    if (data.length > 0 && data.length < blockSize) {
      if (sharedLength + data.length > blockSize) endShared();
      const fragment = { index: plan.fragments.length, offset: sharedLength };
      plan.files.push({ path, first: 0, count: 0, fragment });
      shared.push(data);
      sharedLength += data.length;
      continue;
    }
    const first = plan.blocks.length;
    for (let at = 0; at < data.length; at += blockSize) plan.blocks.push(data.subarray(at, at + blockSize));
    plan.files.push({ path, first, count: plan.blocks.length - first });
  }
  endShared();
  return plan;
}

async function packBlock(
  block: Uint8Array,
  { blockSize, level }: DataOptions,
): Promise<{ data: Buffer; size: number }> {
  const plain = Buffer.from(block.buffer, block.byteOffset, block.length);
  if (block.length === blockSize && plain.equals(Buffer.alloc(blockSize))) return { data: Buffer.alloc(0), size: 0 };
  const params = {
    [constants.ZSTD_c_compressionLevel]: level,
    // The kernel makes room for one block, not for more to look back at.
    [constants.ZSTD_c_windowLog]: Math.log2(blockSize),
    [constants.ZSTD_c_checksumFlag]: 0,
  };
  const data = await promisify(zstdCompress)(plain, { params, pledgedSrcSize: plain.length });
  return data.length < plain.length ? { data, size: data.length } : { data: plain, size: plain.length | notCompressed };
}
