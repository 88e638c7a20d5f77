/** What an archive for an initramfs holds; folders come before what is in them. */
export type CpioEntry = { path: string; mode: number } & ({ kind: 'folder' } | { kind: 'file'; content: Buffer });

const folderType = 0o040000;
const fileType = 0o100000;

/** An archive in the format that Linux unpacks at boot (`newc`; Documentation/driver-api/early-userspace/buffer-format). */
export function cpioArchive(entries: readonly CpioEntry[]): Buffer {
  const parts = entries.flatMap((entry, index) => {
    const content = entry.kind === 'file' ? entry.content : Buffer.alloc(0);
    const type = entry.kind === 'file' ? fileType : folderType;
    return member(index + 1, entry.path, type | entry.mode, content);
  });
  return Buffer.concat([...parts, ...member(0, 'TRAILER!!!', 0, Buffer.alloc(0))]);
}

function member(inode: number, path: string, mode: number, content: Buffer): Buffer[] {
  const name = Buffer.from(`${path}\0`);
  const links = 1;
  // inode, mode, uid, gid, links, time, size, four device numbers, length of the name, check (unused).
  const fields = [inode, mode, 0, 0, links, 0, content.length, 0, 0, 0, 0, name.length, 0];
  const header = Buffer.from(`070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`);
  return [padded(Buffer.concat([header, name])), padded(content)];
}

/** Every part begins at a multiple of four bytes. */
function padded(part: Buffer): Buffer {
  return Buffer.concat([part, Buffer.alloc((4 - (part.length % 4)) % 4)]);
}
