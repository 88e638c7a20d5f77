import { lstat, readlink } from 'node:fs/promises';
import { CaptError } from '../../api/errors/capt-error.ts';

const maxLinks = 40;

/**
 * Where `path` of an image leads when `root` is its `/`: links are followed inside the image, never out of it. The parts
 * that do not exist (yet) stand as they are. Returns a path under `root`.
 */
export async function resolveInRoot(root: string, path: string, device: string): Promise<string> {
  const rest = path.split('/').reverse();
  const done: string[] = [];
  let links = 0;
  while (rest.length > 0) {
    const part = rest.pop() ?? '';
    if (part === '' || part === '.') continue;
    if (part === '..') {
      done.pop();
      continue;
    }
    const here = [root, ...done, part].join('/');
    const found = await lstat(here).catch(() => undefined);
    if (found === undefined || !found.isSymbolicLink()) {
      if (found !== undefined && !found.isDirectory() && rest.some((more) => more !== '')) {
        throw new CaptError('ACTION_PATH_INVALID', {
          path,
          device,
          cause: `/${[...done, part].join('/')} is no folder`,
        });
      }
      done.push(part);
      continue;
    }
    if (++links > maxLinks)
      throw new CaptError('ACTION_PATH_INVALID', { path, device, cause: 'its links go in circles' });
    const target = await readlink(here);
    if (target.startsWith('/')) done.length = 0;
    rest.push(...target.split('/').reverse());
  }
  return [root, ...done].join('/');
}
