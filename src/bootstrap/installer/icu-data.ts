/** The item of the archive that holds all others; its format is that of ICU4C, source/common/udatamem and ucmndata. */
const archiveFormat = Buffer.from('CmnD');
const formatOffset = 12;
const magic = 0x27da;

/** What a program without a user needs: characters and their properties, normal forms, and English. */
const kept = [
  /^[^/]+\.(icu|nrm|spp)$/,
  /^coll\/ucadata\.icu$/,
  /^brkitr\/(char|word|line|sent)\.brk$/,
  /^([a-z]+\/)?(en|en_US|res_index)\.res$/,
  // No language has more than three letters: the root of all, time zones, numbers, what there is.
  /^([a-z]+\/)?[a-z]{4}\w*\.res$/,
];

/**
 * A program that carries the data of ICU, such as Node, with zeros in place of what is about languages other than English,
 * old character sets and scripts: most of 30 MB, which then take no room. They are taken out of the table of contents
 * too, so that ICU finds nothing rather than something broken. A program without such data stays as it is.
 */
export function withoutLanguages(program: Buffer): Buffer {
  const start = findArchive(program);
  if (start === undefined) return program;
  const result = Buffer.from(program);
  const table = start + program.readUInt16LE(start);
  const count = program.readUInt32LE(table);
  const entries = Array.from({ length: count }, (_, index) => {
    const at = table + 4 + 8 * index;
    const [name, data] = [table + program.readUInt32LE(at), table + program.readUInt32LE(at + 4)];
    return {
      at,
      nameAt: program.readUInt32LE(at),
      data,
      name: program.toString('latin1', name, program.indexOf(0, name)),
    };
  });
  const wanted: typeof entries = [];
  for (const [index, entry] of entries.entries()) {
    const next = entries[index + 1];
    // Behind the name of the archive. Where the last one ends is written nowhere: it stays.
    const path = entry.name.slice(entry.name.indexOf('/') + 1);
    if (next === undefined || kept.some((pattern) => pattern.test(path))) wanted.push(entry);
    else result.fill(0, entry.data, next.data);
  }
  result.writeUInt32LE(wanted.length, table);
  for (const [index, { nameAt, data }] of wanted.entries()) {
    result.writeUInt32LE(nameAt, table + 4 + 8 * index);
    result.writeUInt32LE(data - table, table + 8 + 8 * index);
  }
  return result;
}

function findArchive(program: Buffer): number | undefined {
  for (let at = program.indexOf(archiveFormat); at >= 0; at = program.indexOf(archiveFormat, at + 1)) {
    const start = at - formatOffset;
    if (start >= 0 && program.readUInt16LE(start + 2) === magic) return start;
  }
  return undefined;
}
