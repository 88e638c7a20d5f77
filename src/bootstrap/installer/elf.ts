/** A section of a 64-bit little-endian ELF file: all that Linux on x86-64 and arm64 has. */
interface Section {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
}

/** A part of the file that the kernel or the loader maps or reads. */
interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly size: number;
}

const segmentTypes = { load: 1, dynamic: 2, interpreter: 3 } as const;
const tags = { needed: 1, strings: 5 } as const;

export function isElf(file: Uint8Array): boolean {
  const head = Buffer.from(file.buffer, file.byteOffset, Math.min(file.length, 64));
  return head.length === 64 && head.readUInt32BE(0) === 0x7f454c46 && head[4] === 2 && head[5] === 1;
}

/** Names of the libraries that a program or library asks the loader for, such as `libc.so.6`. */
export function neededLibraries(file: Buffer): string[] {
  const segments = readSegments(file);
  const dynamic = segments.find(({ type }) => type === segmentTypes.dynamic);
  if (dynamic === undefined) return [];
  const entries: [tag: number, value: number][] = [];
  for (let at = dynamic.offset; at + 16 <= dynamic.offset + dynamic.size; at += 16) {
    entries.push([Number(file.readBigInt64LE(at)), Number(file.readBigUInt64LE(at + 8))]);
  }
  const [, address = -1] = entries.find(([tag]) => tag === tags.strings) ?? [];
  const holder = segments.find((each) => isIn(each, address));
  if (holder === undefined) return [];
  const strings = address - holder.address + holder.offset;
  return entries.filter(([tag]) => tag === tags.needed).map(([, value]) => cString(file, strings + value));
}

/** Where the program says its loader is, such as `/lib64/ld-linux-x86-64.so.2`; undefined for static ones. */
export function interpreterOf(file: Buffer): string | undefined {
  const segment = readSegments(file).find(({ type }) => type === segmentTypes.interpreter);
  return segment === undefined ? undefined : cString(file, segment.offset);
}

/** The bytes of a section, such as `.modinfo`; undefined when there is none. */
export function sectionBytes(file: Buffer, name: string): Buffer | undefined {
  const section = readSections(file).find((each) => each.name === name);
  return section === undefined ? undefined : file.subarray(section.offset, section.offset + section.size);
}

/**
 * The file without what the loader does not map: symbols, debug information, the section table. They lie behind
 * everything else, so that nothing has to be moved.
 */
export function withoutSymbols(file: Buffer): Buffer {
  const end = Math.max(...readSegments(file).map(({ offset, size }) => offset + size));
  const result = Buffer.from(file.subarray(0, end));
  // No section table: offset, count, index of the names.
  result.writeBigUInt64LE(0n, 40);
  result.writeUInt32LE(0, 60);
  return result;
}

function isIn({ type, address, size }: Segment, wanted: number): boolean {
  return type === segmentTypes.load && wanted >= address && wanted < address + size;
}

/** Only those that lie in the file as a whole. */
function readSegments(file: Buffer): Segment[] {
  if (!isElf(file)) return [];
  const start = Number(file.readBigUInt64LE(32));
  const count = file.readUInt16LE(56);
  if (start + 56 * count > file.length) return [];
  return Array.from({ length: count }, (_, index) => {
    const at = start + index * 56;
    return {
      type: file.readUInt32LE(at),
      offset: Number(file.readBigUInt64LE(at + 8)),
      address: Number(file.readBigUInt64LE(at + 16)),
      size: Number(file.readBigUInt64LE(at + 32)),
    };
  }).filter(({ offset, size }) => offset + size <= file.length);
}

function readSections(file: Buffer): Section[] {
  if (!isElf(file)) return [];
  const start = Number(file.readBigUInt64LE(40));
  const size = file.readUInt16LE(58);
  const count = file.readUInt16LE(60);
  if (start + size * count > file.length) return [];
  const raw = Array.from({ length: count }, (_, index) => {
    const at = start + index * size;
    return {
      nameAt: file.readUInt32LE(at),
      offset: Number(file.readBigUInt64LE(at + 24)),
      size: Number(file.readBigUInt64LE(at + 32)),
    };
  });
  const names = raw[file.readUInt16LE(62)];
  return raw.map(({ nameAt, ...section }) => ({
    ...section,
    name: names === undefined ? '' : cString(file, names.offset + nameAt),
  }));
}

function cString(file: Buffer, start: number): string {
  const end = file.indexOf(0, start);
  return file.toString('utf8', start, end < 0 ? file.length : end);
}
