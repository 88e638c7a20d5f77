import { permissionsOf, type Tree, type TreeEntry, withFolders } from '../tree.ts';
import { type DataOptions, type PackedBlock, type PackedFile, packData } from './data-blocks.ts';
import { MetadataTable, type Position } from './metadata.ts';

const superblockSize = 96;
const none = 0xffffffffffffffffn;
const compressionZstd = 6;
const noExtendedAttributes = 0x0200;
/** Of inodes; the first four are also those of directory entries. */
const types = { folder: 1, file: 2, link: 3, device: 5, longFolder: 8 } as const;
/** Entries that one header of a directory can have. */
const entriesAtOnce = 256;
/** How far the number of an inode can be from that in the header: 16 bits with a sign. */
const farthest = 0x7fff;

/** An entry of the tree on its way into the tables. */
interface Node {
  readonly name: string;
  readonly path: string;
  readonly entry: TreeEntry;
  readonly inode: number;
  readonly children: Node[];
}

/**
 * A squashfs 4.0 image with zstd (Linux, Documentation/filesystems/squashfs; fs/squashfs/squashfs_fs.h), which the kernel
 * reads without unpacking it as a whole. The same files give the same bytes, in whatever order they come.
 */
export async function writeSquashfs(tree: Tree, options: DataOptions): Promise<Buffer> {
  const entries = withFolders(tree);
  const contents = [...entries].flatMap(([path, entry]): [string, Uint8Array][] =>
    entry.kind === 'file' ? [[path, entry.data]] : [],
  );
  const { data, files, fragments } = await packData(new Map(contents), options);
  const inodes = new MetadataTable();
  const folders = new MetadataTable();
  const root = nodesOf(entries);
  // What a root has above it is a number that no inode has.
  const rootAt = writeNode(root, entries.size + 2, { inodes, folders, files });

  const parts: Uint8Array[] = [Buffer.alloc(superblockSize), data];
  let length = superblockSize + data.length;
  const add = (part: Uint8Array) => {
    const start = length;
    parts.push(part);
    length += part.length;
    return start;
  };
  /** A table with the list of its blocks behind it. */
  const addListed = (table: MetadataTable) => {
    const { data: packed, blocks } = table.pack();
    const start = add(packed);
    return add(numbers64(blocks.map((block) => start + block)));
  };
  const inodeTable = add(inodes.pack().data);
  const folderTable = add(folders.pack().data);
  const fragmentTable = addListed(fragmentsOf(fragments));
  const owners = new MetadataTable();
  owners.append(numbers32([0]));
  const ownerTable = addListed(owners);

  const head = parts[0] as Buffer;
  head.write('hsqs', 0, 'latin1');
  head.writeUInt32LE(entries.size + 1, 4);
  head.writeUInt32LE(options.blockSize, 12);
  head.writeUInt32LE(fragments.length, 16);
  head.writeUInt16LE(compressionZstd, 20);
  head.writeUInt16LE(Math.log2(options.blockSize), 22);
  head.writeUInt16LE(noExtendedAttributes, 24);
  head.writeUInt16LE(1, 26);
  head.writeUInt16LE(4, 28);
  head.writeBigUInt64LE(reference(rootAt), 32);
  const tables = [length, ownerTable, none, inodeTable, folderTable, fragmentTable, none];
  for (const [index, start] of tables.entries()) head.writeBigUInt64LE(BigInt(start), 40 + 8 * index);
  // Devices have whole sectors, some of 4 KiB.
  parts.push(new Uint8Array((4096 - (length % 4096)) % 4096));
  return Buffer.concat(parts);
}

function nodesOf(entries: ReadonlyMap<string, TreeEntry>): Node {
  const root: Node = { name: '', path: '', entry: { kind: 'folder' }, inode: 1, children: [] };
  const byPath = new Map([['', root]]);
  for (const [path, entry] of entries) {
    const slash = path.lastIndexOf('/');
    const node: Node = { name: path.slice(slash + 1), path, entry, inode: byPath.size + 1, children: [] };
    byPath.get(path.slice(0, Math.max(slash, 0)))?.children.push(node);
    byPath.set(path, node);
  }
  return root;
}

interface Tables {
  readonly inodes: MetadataTable;
  readonly folders: MetadataTable;
  readonly files: ReadonlyMap<string, PackedFile>;
}

/** What is in a folder comes before it, because it says where that is. @returns where the inode is */
function writeNode(node: Node, parent: number, tables: Tables): Position {
  const { entry, inode, children } = node;
  const header = (type: number) => {
    const bytes = Buffer.alloc(16);
    bytes.writeUInt16LE(type, 0);
    bytes.writeUInt16LE(permissionsOf(entry), 2);
    bytes.writeUInt32LE(inode, 12);
    return bytes;
  };
  const put = (type: number, ...parts: Uint8Array[]) => tables.inodes.append(Buffer.concat([header(type), ...parts]));
  switch (entry.kind) {
    case 'folder': {
      const placed = children.map((child) => ({ node: child, at: writeNode(child, inode, tables) }));
      const listing = directoryOf(placed);
      const at = tables.folders.append(listing);
      const links = 2 + children.filter((child) => child.entry.kind === 'folder').length;
      // The three bytes are those of "." and "..", which are nowhere. Then index entries, of which there are none.
      const numbers = numbers32([links, listing.length + 3, at.block, parent]);
      return put(types.longFolder, numbers, numbers16([0, at.offset]), numbers32([0xffffffff]));
    }
    case 'file': {
      const { start, blockSizes, fragment } = tables.files.get(node.path) as PackedFile;
      const { index, offset } = fragment ?? { index: 0xffffffff, offset: 0 };
      return put(types.file, numbers32([superblockSize + start, index, offset, entry.data.length, ...blockSizes]));
    }
    case 'link': {
      const target = Buffer.from(entry.target);
      return put(types.link, numbers32([1, target.length]), target);
    }
    case 'device': {
      const { major, minor } = entry;
      // As the kernel has it: eight bits of the minor number below the major one, the others above.
      const device = ((minor & ~0xff) << 12) | (major << 8) | (minor & 0xff);
      return put(types.device, numbers32([1, device]));
    }
  }
}

/** The list of a folder, in runs of entries whose inodes lie in the same block. */
function directoryOf(placed: readonly { node: Node; at: Position }[]): Buffer {
  const parts: Uint8Array[] = [];
  for (let first = 0; first < placed.length; ) {
    const { node, at } = placed[first] as { node: Node; at: Position };
    const rest = placed.slice(first, first + entriesAtOnce);
    const other = rest.findIndex((each) => each.at.block !== at.block || each.node.inode - node.inode > farthest);
    const run = other < 0 ? rest : rest.slice(0, other);
    parts.push(numbers32([run.length - 1, at.block, node.inode]));
    for (const each of run) {
      const name = Buffer.from(each.node.name);
      const type = types[each.node.entry.kind];
      const difference = each.node.inode - node.inode;
      parts.push(numbers16([each.at.offset, difference, type, name.length - 1]), name);
    }
    first += run.length;
  }
  return Buffer.concat(parts);
}

function fragmentsOf(fragments: readonly PackedBlock[]): MetadataTable {
  const table = new MetadataTable();
  for (const { start, size } of fragments) {
    table.append(Buffer.concat([numbers64([superblockSize + start]), numbers32([size, 0])]));
  }
  return table;
}

function reference({ block, offset }: Position): bigint {
  return (BigInt(block) << 16n) | BigInt(offset);
}

function numbers16(values: readonly number[]): Buffer {
  return Buffer.from(new Uint16Array(values).buffer);
}

function numbers32(values: readonly number[]): Buffer {
  return Buffer.from(new Uint32Array(values).buffer);
}

function numbers64(values: readonly number[]): Buffer {
  return Buffer.from(new BigUint64Array(values.map(BigInt)).buffer);
}
