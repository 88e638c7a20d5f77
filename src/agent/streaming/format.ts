/** What the first bytes of an image say it is. */
export type Format = Compression | 'raw' | Refused;

/** What is decompressed on the way to the disk. */
export type Compression = 'gz' | 'zst' | 'xz' | 'bz2';

/** What only makes sense with random access, or is no image at all. */
type Refused = 'qcow2' | 'vmdk' | 'vhdx' | 'vhd' | 'vdi' | 'lzma' | 'lz4' | 'zip' | 'html';

/** Bytes from the start of a stream that `detectFormat` looks at. */
export const detectBytes = 512;

interface Magic {
  readonly format: Format;
  readonly bytes: readonly number[];
  readonly offset?: number;
}

const ascii = (text: string): number[] => [...Buffer.from(text, 'latin1')];

/** First match wins. gzip: RFC 1952 2.3 (method 8 only); zstd: RFC 8878 3.1; xz: .xz specification 2.1.1.1. */
const magics: readonly Magic[] = [
  { format: 'gz', bytes: [0x1f, 0x8b, 0x08] },
  { format: 'zst', bytes: [0x28, 0xb5, 0x2f, 0xfd] },
  { format: 'xz', bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00] },
  { format: 'qcow2', bytes: ascii('QFI\xfb') },
  { format: 'vmdk', bytes: ascii('KDMV') },
  { format: 'vmdk', bytes: ascii('# Disk DescriptorFile') },
  { format: 'vhdx', bytes: ascii('vhdxfile') },
  { format: 'vhd', bytes: ascii('conectix') },
  { format: 'vdi', bytes: [0x7f, 0x10, 0xda, 0xbe], offset: 0x40 },
  { format: 'lz4', bytes: [0x04, 0x22, 0x4d, 0x18] },
  { format: 'zip', bytes: ascii('PK\x03\x04') },
];

/**
 * What a stream is, judged by its first `detectBytes` bytes (fewer when it is shorter), never by its name: addresses carry query
 * strings, and servers lie about types. What is nothing else is raw.
 */
export function detectFormat(head: Uint8Array): Format {
  const magic = magics.find(({ bytes, offset = 0 }) => bytes.every((byte, index) => head[offset + index] === byte));
  if (magic !== undefined) return magic.format;
  if (isBzip2(head)) return 'bz2';
  if (isZstdSkippable(head)) return 'zst';
  if (isLzmaAlone(head)) return 'lzma';
  if (isHtml(head)) return 'html';
  return 'raw';
}

const qemuAdvice =
  'write it with the action qemuimg2disk, or convert it: qemu-img convert -O raw IMAGE image.raw, then zstd';

const advices: Record<Refused, string> = {
  qcow2: qemuAdvice,
  vmdk: qemuAdvice,
  vhdx: qemuAdvice,
  vhd: qemuAdvice,
  vdi: qemuAdvice,
  lzma: 'compress it with zstd, gzip, xz or bzip2: this old format has no checksum',
  lz4: 'compress it with zstd, gzip, xz or bzip2',
  zip: 'unpack it and compress the image itself with zstd, gzip, xz or bzip2',
  html: 'the address leads to a web page, perhaps a login or an error page: correct it',
};

/** What to do with a format that is not written, undefined for those that are. */
export function refusalAdvice(format: Format): string | undefined {
  return Object.hasOwn(advices, format) ? advices[format as Refused] : undefined;
}

export function isCompression(format: Format): format is Compression {
  return format === 'gz' || format === 'zst' || format === 'xz' || format === 'bz2';
}

/** Digits of pi before a block, of its square root before the end. */
const block = [0x31, 0x41, 0x59, 0x26, 0x53, 0x59];
const end = [0x17, 0x72, 0x45, 0x38, 0x50, 0x90];

/** `BZh`, a level, then a block or (empty file) the end of the stream. */
function isBzip2(head: Uint8Array): boolean {
  if (!/^BZh[1-9]$/.test(Buffer.from(head.subarray(0, 4)).toString('latin1'))) return false;
  return [block, end].some((bytes) => bytes.every((byte, index) => head[4 + index] === byte));
}

/** RFC 8878 3.1.2: 0x184D2A5? and a length; pzstd files start so. A frame follows; raw disks never start so. */
function isZstdSkippable(head: Uint8Array): boolean {
  return head.length >= 8 && (head[0] ?? 0) >> 4 === 5 && head[1] === 0x2a && head[2] === 0x4d && head[3] === 0x18;
}

/** Properties of `lzma` by default, a dictionary of 2^n bytes, and an unknown length. */
function isLzmaAlone(head: Uint8Array): boolean {
  if (head.length < 13 || head[0] !== 0x5d || head[1] !== 0 || head[2] !== 0) return false;
  return head.subarray(5, 13).every((byte) => byte === 0xff);
}

function isHtml(head: Uint8Array): boolean {
  return /^\s*(<!doctype html|<html)/i.test(Buffer.from(head.subarray(0, 64)).toString('latin1'));
}
