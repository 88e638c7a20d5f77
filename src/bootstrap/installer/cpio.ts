/** One file of an initramfs, by its path without a leading slash. Owner is always root, time always the epoch. */
export type CpioEntry =
  | { readonly kind: 'folder' }
  | { readonly kind: 'file'; readonly data: Uint8Array; readonly executable: boolean }
  | { readonly kind: 'link'; readonly target: string }
  | { readonly kind: 'device'; readonly major: number; readonly minor: number };

const typeBits = { folder: 0o040755, file: 0o100644, link: 0o120777, device: 0o020600 } as const;

/**
 * A cpio archive in the format that the kernel unpacks (newc; Linux, Documentation/driver-api/early-userspace). The same
 * entries give the same bytes, in whatever order they come: sorted by path, folders before what is in them, with missing
 * folders added, numbered one after the other, no times.
 */
export function writeCpio(entries: ReadonlyMap<string, CpioEntry>): Buffer {
  const all = withFolders(entries);
  const parts: Uint8Array[] = [];
  let inode = 0;
  for (const path of [...all.keys()].sort(byBytes)) {
    inode += 1;
    parts.push(...record(path, all.get(path) as CpioEntry, inode));
  }
  parts.push(...record('TRAILER!!!', undefined, 0));
  return Buffer.concat(parts);
}

function withFolders(entries: ReadonlyMap<string, CpioEntry>): Map<string, CpioEntry> {
  const all = new Map(entries);
  for (const path of entries.keys()) {
    const names = path.split('/');
    if (names.some((name) => name === '' || name === '.' || name === '..')) {
      throw new Error(`cpio: "${path}" is not a plain relative path`);
    }
    for (let depth = 1; depth < names.length; depth++) {
      const folder = names.slice(0, depth).join('/');
      const kind = all.get(folder)?.kind ?? 'folder';
      if (kind !== 'folder') throw new Error(`cpio: "${path}" lies in "${folder}", which is a ${kind}`);
      all.set(folder, { kind: 'folder' });
    }
  }
  return all;
}

function record(path: string, entry: CpioEntry | undefined, inode: number): Uint8Array[] {
  const data = contentOf(entry);
  const name = Buffer.from(`${path}\0`);
  const [major, minor] = entry?.kind === 'device' ? [entry.major, entry.minor] : [0, 0];
  const links = entry?.kind === 'folder' ? 2 : 1;
  // inode, mode, uid, gid, links, mtime, size, device of the file, device it is, name length, checksum (unused)
  const fields = [inode, modeOf(entry), 0, 0, links, 0, data.length, 0, 0, major, minor, name.length, 0];
  const header = `070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`;
  return [Buffer.from(header), name, padding(header.length + name.length), data, padding(data.length)];
}

function modeOf(entry: CpioEntry | undefined): number {
  if (entry === undefined) return 0;
  return typeBits[entry.kind] | (entry.kind === 'file' && entry.executable ? 0o111 : 0);
}

function contentOf(entry: CpioEntry | undefined): Uint8Array {
  if (entry?.kind === 'file') return entry.data;
  return entry?.kind === 'link' ? Buffer.from(entry.target) : new Uint8Array();
}

function padding(length: number): Uint8Array {
  return new Uint8Array((4 - (length % 4)) % 4);
}

/** Not the order of a locale, and parents before children. */
function byBytes(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}
