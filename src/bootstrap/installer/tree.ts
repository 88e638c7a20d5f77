/** A file of the installer. Owner is always root, time always the epoch. */
export type TreeEntry =
  | { readonly kind: 'folder' }
  | { readonly kind: 'file'; readonly data: Uint8Array; readonly executable: boolean }
  | { readonly kind: 'link'; readonly target: string }
  | { readonly kind: 'device'; readonly major: number; readonly minor: number };

/** Files by their paths, which have no leading slash. */
export type Tree = ReadonlyMap<string, TreeEntry>;

/** Permissions: those of everybody, folders and programs to be entered and run by all. */
export function permissionsOf(entry: TreeEntry): number {
  if (entry.kind === 'folder') return 0o755;
  if (entry.kind === 'link') return 0o777;
  if (entry.kind === 'device') return 0o600;
  return entry.executable ? 0o755 : 0o644;
}

/**
 * The same files with the folders they lie in, in the order of their bytes and not that of a locale; folders come before
 * what is in them. Throws when a path is not a plain relative one, or leads through something that is no folder.
 */
export function withFolders(tree: Tree): Map<string, TreeEntry> {
  const all = new Map(tree);
  for (const path of tree.keys()) {
    const names = path.split('/');
    if (names.some((name) => name === '' || name === '.' || name === '..')) {
      throw new Error(`"${path}" is not a plain relative path`);
    }
    for (let depth = 1; depth < names.length; depth++) {
      const folder = names.slice(0, depth).join('/');
      const kind = all.get(folder)?.kind ?? 'folder';
      if (kind !== 'folder') throw new Error(`"${path}" lies in "${folder}", which is a ${kind}`);
      all.set(folder, { kind: 'folder' });
    }
  }
  return new Map([...all].sort(([left], [right]) => Buffer.compare(Buffer.from(left), Buffer.from(right))));
}
