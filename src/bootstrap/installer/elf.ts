/** A section of a 64-bit little-endian ELF file: all that Linux on x86-64 and arm64 has. */
interface Section {
  readonly name: string;
  readonly type: number;
  readonly offset: number;
  readonly size: number;
  /** Index of another section, such as the one that holds the names. */
  readonly link: number;
}

const dynamicType = 6;
const neededTag = 1n;

export function isElf(file: Uint8Array): boolean {
  const head = Buffer.from(file.buffer, file.byteOffset, Math.min(file.length, 64));
  return head.length === 64 && head.readUInt32BE(0) === 0x7f454c46 && head[4] === 2 && head[5] === 1;
}

/** Names of the libraries that a program or library asks the loader for, such as `libc.so.6`. */
export function neededLibraries(file: Buffer): string[] {
  const sections = readSections(file);
  const dynamic = sections.find(({ type }) => type === dynamicType);
  const strings = dynamic === undefined ? undefined : sections[dynamic.link];
  if (dynamic === undefined || strings === undefined) return [];
  const names: string[] = [];
  for (let at = dynamic.offset; at + 16 <= dynamic.offset + dynamic.size; at += 16) {
    if (file.readBigUInt64LE(at) !== neededTag) continue;
    names.push(cString(file, strings.offset + Number(file.readBigUInt64LE(at + 8))));
  }
  return names;
}

/** Where the program says its loader is, such as `/lib64/ld-linux-x86-64.so.2`; undefined for static ones. */
export function interpreterOf(file: Buffer): string | undefined {
  const section = readSections(file).find(({ name }) => name === '.interp');
  return section === undefined ? undefined : cString(file, section.offset);
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
  let end = 0;
  const start = Number(file.readBigUInt64LE(32));
  const count = file.readUInt16LE(56);
  for (let at = start; at < start + count * 56; at += 56) {
    end = Math.max(end, Number(file.readBigUInt64LE(at + 8) + file.readBigUInt64LE(at + 32)));
  }
  const result = Buffer.from(file.subarray(0, end));
  // No section table: offset, count, index of the names.
  result.writeBigUInt64LE(0n, 40);
  result.writeUInt32LE(0, 60);
  return result;
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
      type: file.readUInt32LE(at + 4),
      offset: Number(file.readBigUInt64LE(at + 24)),
      size: Number(file.readBigUInt64LE(at + 32)),
      link: file.readUInt32LE(at + 40),
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
