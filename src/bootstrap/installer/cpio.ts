import { permissionsOf, type Tree, type TreeEntry, withFolders } from './tree.ts';

const typeBits = { folder: 0o040000, file: 0o100000, link: 0o120000, device: 0o020000 } as const;

/**
 * A cpio archive in the format that the kernel unpacks (newc; Linux, Documentation/driver-api/early-userspace). The same
 * files give the same bytes, in whatever order they come: sorted by path, folders before what is in them, with missing
 * folders added, numbered one after the other, no times.
 */
export function writeCpio(tree: Tree): Buffer {
  const parts: Uint8Array[] = [];
  let inode = 0;
  for (const [path, entry] of withFolders(tree)) {
    inode += 1;
    parts.push(...record(path, entry, inode));
  }
  parts.push(...record('TRAILER!!!', undefined, 0));
  return Buffer.concat(parts);
}

function record(path: string, entry: TreeEntry | undefined, inode: number): Uint8Array[] {
  const data = contentOf(entry);
  const name = Buffer.from(`${path}\0`);
  const mode = entry === undefined ? 0 : typeBits[entry.kind] | permissionsOf(entry);
  const [major, minor] = entry?.kind === 'device' ? [entry.major, entry.minor] : [0, 0];
  const links = entry?.kind === 'folder' ? 2 : 1;
  // inode, mode, uid, gid, links, mtime, size, device of the file, device it is, name length, checksum (unused)
  const fields = [inode, mode, 0, 0, links, 0, data.length, 0, 0, major, minor, name.length, 0];
  const header = `070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`;
  return [Buffer.from(header), name, padding(header.length + name.length), data, padding(data.length)];
}

function contentOf(entry: TreeEntry | undefined): Uint8Array {
  if (entry?.kind === 'file') return entry.data;
  return entry?.kind === 'link' ? Buffer.from(entry.target) : new Uint8Array();
}

function padding(length: number): Uint8Array {
  return new Uint8Array((4 - (length % 4)) % 4);
}
