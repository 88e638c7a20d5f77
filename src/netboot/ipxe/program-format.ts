/** Which machines a file can run on, as its first bytes say; undefined when it is no program of that kind at all. */
export type ProgramFormat = 'EFI x86-64' | 'EFI IA32' | 'EFI ARM64' | 'EFI ARM32' | 'EFI' | 'BIOS' | 'image';

/** PE/COFF machine types (UEFI specification 2.1.1). */
const machines: Record<number, ProgramFormat> = {
  34404: 'EFI x86-64',
  332: 'EFI IA32',
  43620: 'EFI ARM64',
  450: 'EFI ARM32',
};

/** What a file of this name has to be; undefined for names that are not those of boot programs. */
export function programKindOf(name: string): 'EFI' | 'BIOS' | 'image' | undefined {
  if (/\.efi$/i.test(name)) return 'EFI';
  if (/\.(k{0,2}pxe|lkrn)$/i.test(name)) return 'BIOS';
  if (/\.(iso|img|usb)$/i.test(name)) return 'image';
  return undefined;
}

/** @returns undefined when the content is not what `kind` needs */
export function formatOf(kind: 'EFI' | 'BIOS' | 'image', content: Buffer): ProgramFormat | undefined {
  // The smallest iPXE has some 60 kB; a download that failed, or a page that says why, has less than this.
  if (content.length < 4096) return undefined;
  if (kind !== 'EFI') return content.subarray(0, 2).toString('latin1') === '<!' ? undefined : kind;
  if (content.toString('latin1', 0, 2) !== 'MZ') return undefined;
  const header = content.readUInt32LE(0x3c);
  if (header + 6 > content.length || content.toString('latin1', header, header + 4) !== 'PE\0\0') return undefined;
  return machines[content.readUInt16LE(header + 4)] ?? 'EFI';
}
