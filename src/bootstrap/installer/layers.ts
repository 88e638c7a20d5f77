import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { constants, zstdCompress } from 'node:zlib';
import { type CpioEntry, writeCpio } from './cpio.ts';

export interface Layer {
  readonly name: string;
  readonly entries: ReadonlyMap<string, CpioEntry>;
}

export interface PackedLayer {
  readonly name: string;
  readonly unpackedBytes: number;
  readonly data: Buffer;
}

export interface PackOptions {
  /** Where packed layers are kept by the digest of what is in them. */
  readonly folder: string;
  readonly level: number;
  readonly report: (line: string) => void;
}

/**
 * Packs archives that the kernel unpacks one after the other into one root (initramfs buffer format: compressed archives
 * may follow each other). Node is by far the biggest part and rarely changes, the agent is small and often does: each is
 * packed only when it has changed. Compression is that of our pinned Node, so that other machines get the same bytes.
 */
export async function packLayers(layers: readonly Layer[], options: PackOptions): Promise<PackedLayer[]> {
  await mkdir(options.folder, { recursive: true });
  return await Promise.all(layers.map((layer) => packLayer(layer, options)));
}

async function packLayer({ name, entries }: Layer, { folder, level, report }: PackOptions): Promise<PackedLayer> {
  const archive = writeCpio(entries);
  const digest = createHash('sha256').update(archive).digest('hex');
  const file = join(folder, `${digest}-zstd${level}-${process.versions.zstd}`);
  const unpackedBytes = archive.length;
  const kept = await readFile(file).catch(() => undefined);
  if (kept !== undefined) return { name, unpackedBytes, data: kept };
  report(`compressing ${name}, ${Math.round(archive.length / 1e6)} MB`);
  const params = { [constants.ZSTD_c_compressionLevel]: level, [constants.ZSTD_c_checksumFlag]: 1 };
  const compressed = await promisify(zstdCompress)(archive, { params });
  // The kernel looks for the next archive at a multiple of four.
  const data = Buffer.concat([compressed, new Uint8Array((4 - (compressed.length % 4)) % 4)]);
  const unfinished = `${file}.${process.pid}`;
  await writeFile(unfinished, data);
  await rename(unfinished, file);
  return { name, unpackedBytes, data };
}
