import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { constants, zstdCompress } from 'node:zlib';
import { writeCpio } from './cpio.ts';
import { writeSquashfs } from './squashfs/squashfs.ts';
import type { Tree, TreeEntry } from './tree.ts';

/** What machines boot into. */
export interface Contents {
  /** What is unpacked at boot: enough to open the rest, and what changes often. It hides files of `system`. */
  readonly first: Tree;
  /** What stays packed, under `/usr`: by far the biggest part, which rarely changes, and little of which is needed. */
  readonly system: Tree;
}

export interface PackedPart {
  readonly name: string;
  readonly unpackedBytes: number;
  readonly data: Buffer;
}

export interface PackOptions {
  /** Where packed systems are kept by the digest of what is in them. */
  readonly folder: string;
  readonly level: number;
  readonly report: (line: string) => void;
}

/** Where `/init` finds the packed part. */
const systemFile = 'system.squashfs';

/** Bigger ones pack better, smaller ones let a program be read without its neighbours. */
const blockSize = 256 << 10;

/**
 * The initramfs: archives that the kernel unpacks one after the other into one root (initramfs buffer format), the first
 * with the squashfs image as it is. Compression is that of our pinned Node, so that other machines get the same bytes.
 */
export async function packInitramfs({ first, system }: Contents, options: PackOptions): Promise<PackedPart[]> {
  await mkdir(options.folder, { recursive: true });
  return await Promise.all([packSystem(system, options), packFirst(first, options.level)]);
}

async function packSystem(system: Tree, { folder, level, report }: PackOptions): Promise<PackedPart> {
  const inside = new Map([...system].map(([path, entry]): [string, TreeEntry] => [path.replace(/^usr\//, ''), entry]));
  const unpackedBytes = sizeOf(inside);
  const digest = createHash('sha256').update(writeCpio(inside)).digest('hex');
  const file = join(folder, `${digest}-squashfs${blockSize >> 10}-zstd${level}-${process.versions.zstd}`);
  let image: Buffer | undefined = await readFile(file).catch(() => undefined);
  if (image === undefined) {
    report(`compressing Node, programs and kernel modules, ${Math.round(unpackedBytes / 1e6)} MB`);
    image = await writeSquashfs(inside, { blockSize, level });
    const unfinished = `${file}.${process.pid}`;
    await writeFile(unfinished, image);
    await rename(unfinished, file);
  }
  const entry: TreeEntry = { kind: 'file', data: image, executable: false };
  return { name: 'Node, programs and kernel modules', unpackedBytes, data: writeCpio(new Map([[systemFile, entry]])) };
}

async function packFirst(first: Tree, level: number): Promise<PackedPart> {
  const archive = writeCpio(first);
  const params = { [constants.ZSTD_c_compressionLevel]: level, [constants.ZSTD_c_checksumFlag]: 1 };
  const data = await promisify(zstdCompress)(archive, { params, pledgedSrcSize: archive.length });
  return { name: 'the agent and how it is started', unpackedBytes: sizeOf(first), data };
}

function sizeOf(tree: Tree): number {
  return [...tree.values()].reduce((sum, entry) => sum + (entry.kind === 'file' ? entry.data.length : 0), 0);
}
