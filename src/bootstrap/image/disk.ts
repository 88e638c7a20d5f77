import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Architecture } from '../installer/architecture.ts';
import { biosBootSectors } from './boot-sectors.ts';
import { grubModules, grubStart } from './grub-config.ts';
import { type Partition, partitionTable, partitionTypes, sectorBytes } from './partition-table.ts';
import type { Tools } from './tools.ts';

export interface DiskOptions {
  readonly root: string;
  readonly rootUuid: string;
  /** Anything; the same gives the same identifiers on the disk. */
  readonly seed: string;
  readonly freeMegabytes: number;
  readonly architecture: Architecture;
  /** Where the disk goes. */
  readonly file: string;
  readonly scratch: string;
  readonly tools: Tools;
}

const mebibyte = 1024 * 1024;
const alignment = mebibyte / sectorBytes;
const biosBootMebibytes = 1;
const espMebibytes = 64;

/**
 * A disk that starts by BIOS and by UEFI: root file system (partition 1), boot loader for BIOS (14) and for UEFI (15), as
 * Debian's own cloud images number them. Nothing is mounted and no loop device used.
 */
export async function makeDisk(options: DiskOptions): Promise<void> {
  const { root, rootUuid, seed, freeMegabytes, architecture, file, tools } = options;
  const { stdout } = await tools.run('measuring the root file system', 'du', ['-sk', root]);
  const usedMebibytes = Number.parseInt(stdout[0] ?? '', 10) / 1024;
  // Inodes, bitmaps and the journal on top of the files.
  const rootMebibytes = Math.ceil(usedMebibytes * 1.05) + 64 + freeMegabytes;
  const rootStart = alignment * (1 + biosBootMebibytes + espMebibytes);
  const partitions: Partition[] = [
    partition(14, 'BIOS boot', partitionTypes.biosBoot, alignment, biosBootMebibytes, seed),
    partition(15, 'EFI system', partitionTypes.efiSystem, alignment * (1 + biosBootMebibytes), espMebibytes, seed),
    partition(1, 'root', partitionTypes.root[architecture.name], rootStart, rootMebibytes, seed),
  ];
  const diskSectors = rootStart + (rootMebibytes + 1) * alignment;
  await rm(file, { force: true });
  await writeFile(file, '');
  await truncate(file, diskSectors * sectorBytes);
  const settings = ['-L', 'root', '-U', rootUuid, '-m', '1', '-d', root, '-O', '^metadata_csum_seed'];
  const where = ['-E', `offset=${rootStart * sectorBytes},nodiscard`, file, `${rootMebibytes}M`];
  await tools.run('making the root file system', 'mkfs.ext4', ['-q', '-F', ...settings, ...where]);

  const table = partitionTable(diskSectors, uuidOf(`${seed} disk`), partitions);
  const pieces: [at: number, data: Buffer][] = [
    [0, table.start],
    [(diskSectors - table.end.length / sectorBytes) * sectorBytes, table.end],
    [alignment * (1 + biosBootMebibytes) * sectorBytes, await efiPartition(options)],
  ];
  if (architecture.name === 'x86_64') {
    const core = await grubImage('i386-pc', '(hd0,gpt1)/boot/grub', options);
    const bootImage = await readFile('/usr/lib/grub/i386-pc/boot.img');
    const sectors = biosBootSectors(table.start.subarray(0, sectorBytes), bootImage, core, alignment);
    if (core.length > biosBootMebibytes * mebibyte) throw new Error(`GRUB is too big: ${core.length} bytes`);
    pieces.push([0, sectors.first], [alignment * sectorBytes, sectors.core]);
  }
  const disk = await open(file, 'r+');
  try {
    for (const [at, data] of pieces) await disk.write(data, 0, data.length, at);
    await disk.sync();
  } finally {
    await disk.close();
  }
}

function partition(
  number: number,
  name: string,
  type: string,
  firstSector: number,
  mebibytes: number,
  seed: string,
): Partition {
  return { number, name, type, id: uuidOf(`${seed} ${number}`), firstSector, sectors: mebibytes * alignment };
}

/** A file system with GRUB where firmware looks when nobody has told it anything (UEFI specification, 3.5.1.1). */
async function efiPartition(options: DiskOptions): Promise<Buffer> {
  const { architecture, scratch, seed, tools } = options;
  const [format, name] =
    architecture.name === 'x86_64'
      ? (['x86_64-efi', 'BOOTX64.EFI'] as const)
      : (['arm64-efi', 'BOOTAA64.EFI'] as const);
  const loader = join(scratch, name);
  await writeFile(loader, await grubImage(format, '/EFI/debian', options));
  const file = join(scratch, 'esp');
  await writeFile(file, '');
  await truncate(file, espMebibytes * mebibyte);
  const id = uuidOf(`${seed} esp`).slice(0, 8);
  await tools.run('making the EFI file system', 'mkfs.vfat', ['-F', '32', '-n', 'EFI', '-i', id, file]);
  await tools.run('writing the EFI boot loader', 'mmd', ['-i', file, '::/EFI', '::/EFI/BOOT']);
  await tools.run('writing the EFI boot loader', 'mcopy', ['-i', file, loader, '::/EFI/BOOT/']);
  return await readFile(file);
}

async function grubImage(
  format: keyof typeof grubModules,
  prefix: string,
  { rootUuid, scratch, tools }: DiskOptions,
): Promise<Buffer> {
  await mkdir(scratch, { recursive: true });
  const start = join(scratch, 'grub-start.cfg');
  await writeFile(start, grubStart(rootUuid));
  const file = join(scratch, `grub-${format}`);
  const args = ['-O', format, '-p', prefix, '-c', start, '-o', file, ...grubModules[format]];
  await tools.run('making the boot loader', 'grub-mkimage', args);
  return await readFile(file);
}

/** A UUID (RFC 9562, version 8) that depends on nothing but the text. */
export function uuidOf(text: string): string {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
