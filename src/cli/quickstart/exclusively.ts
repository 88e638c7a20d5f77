import { mkdir } from 'node:fs/promises';
import { CaptError } from '../../api/errors/capt-error.ts';
import { type FileLock, tryLock } from '../../bootstrap/process/file-lock.ts';
import type { QuickstartContext } from './context.ts';

/** Makes the folder, and makes sure that no other command works on it. @throws CaptError QUICKSTART_BUSY */
export async function exclusively({ layout: { directory, lock } }: QuickstartContext): Promise<FileLock> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const taken = await tryLock(lock);
  if ('release' in taken) return taken;
  throw new CaptError('QUICKSTART_BUSY', { pid: taken.pid, directory });
}
