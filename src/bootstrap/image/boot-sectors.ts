import { sectorBytes } from './partition-table.ts';

/**
 * What `grub-bios-setup` writes, as bytes: GRUB's `boot.img` for the first sector of the disk, and its core image for a
 * BIOS boot partition at `firstSector`. Each of the two is told where what comes after it lies (GRUB's boot.S and
 * diskboot.S: fields at the offsets below). The partition table behind the code of the first sector stays that of `mbr`.
 */
export function biosBootSectors(
  mbr: Buffer,
  bootImage: Buffer,
  coreImage: Buffer,
  firstSector: number,
): { first: Buffer; core: Buffer } {
  if (bootImage.length !== sectorBytes) throw new Error(`boot.img has ${bootImage.length} bytes, not ${sectorBytes}`);
  if (coreImage.length <= sectorBytes) throw new Error('the core image of GRUB is empty');
  const first = Buffer.from(bootImage);
  first.writeBigUInt64LE(BigInt(firstSector), kernelSectorAt);
  // Which disk: the one that the BIOS has started. Drives that call themselves floppies are none of ours.
  first[bootDriveAt] = 0xff;
  first.set([0x90, 0x90], driveCheckAt);
  mbr.copy(first, codeBytes, codeBytes);
  const core = Buffer.from(coreImage);
  core.writeBigUInt64LE(BigInt(firstSector + 1), blockListAt);
  core.writeUInt16LE(Math.ceil(coreImage.length / sectorBytes) - 1, blockListAt + 8);
  core.writeUInt16LE(loadSegment, blockListAt + 10);
  return { first, core };
}

const kernelSectorAt = 0x5c;
const bootDriveAt = 0x64;
const driveCheckAt = 0x66;
/** Behind it: disk signature and partitions. */
const codeBytes = 440;
const blockListAt = sectorBytes - 12;
/** Where the second sector of the core image goes, 0x8200. */
const loadSegment = 0x820;
