import { chmod, chown, lstat, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { CaptError, messageOf } from '../../../api/errors/capt-error.ts';
import { resolveInRoot } from '../../mount/resolve-in-root.ts';

export interface FileToPut {
  /** Absolute, in the image. */
  readonly path: string;
  readonly contents: string;
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
  /** Of folders that have to be made. */
  readonly folderMode: number;
}

/**
 * Puts a file into the tree at `root`: complete or not at all, with exactly these permissions, on the disk when this
 * resolves. `device` is for messages. @returns its length in bytes
 */
export async function putFile(root: string, device: string, file: FileToPut): Promise<number> {
  const { path, contents, uid, gid, mode, folderMode } = file;
  try {
    const target = await resolveInRoot(root, path, device);
    if (await isFolder(target)) throw new Error('it is a folder');
    const folder = dirname(target);
    const made = await makeFolders(folder, folderMode);
    const bytes = Buffer.from(contents);
    const temporary = `${folder}/.${basename(target).slice(0, 200)}.capt`;
    try {
      await rm(temporary, { force: true });
      const handle = await open(temporary, 'wx', 0o600);
      try {
        await handle.writeFile(bytes);
        await own(temporary, uid, gid);
        await chmod(temporary, mode);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(temporary, target);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    for (const changed of new Set([folder, ...made.map((one) => dirname(one))])) await syncFolder(changed);
    return bytes.length;
  } catch (error) {
    if (error instanceof CaptError) throw error;
    // The path on this machine means nothing to whoever wrote the template.
    const cause = messageOf(error).replaceAll(root, '');
    throw new CaptError('ACTION_PATH_INVALID', { path, device, cause }, { cause: error });
  }
}

async function isFolder(path: string): Promise<boolean> {
  return await lstat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** Makes what is missing, with exactly these permissions. @returns what was made */
async function makeFolders(path: string, mode: number): Promise<string[]> {
  const missing: string[] = [];
  for (let at = path; !(await isFolder(at)); at = dirname(at)) missing.unshift(at);
  for (const folder of missing) {
    await mkdir(folder);
    await chmod(folder, mode);
  }
  return missing;
}

/** File systems without owners (vfat) refuse to change them, also to what they are. */
async function own(path: string, uid: number, gid: number): Promise<void> {
  const now = await stat(path);
  if (now.uid !== uid || now.gid !== gid) await chown(path, uid, gid);
}

async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
