import { fn } from '../../value/function.ts';
import { string } from '../../value/params.ts';

/** The shortest path that means the same. Nothing is `.`. */
export function cleanPath(path: string): string {
  if (path === '') return '.';
  const isRooted = path.startsWith('/');
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (!isRooted) parts.push(part);
  }
  const cleaned = (isRooted ? '/' : '') + parts.join('/');
  return cleaned === '' ? '.' : cleaned;
}

function base(path: string): string {
  if (path === '') return '.';
  const trimmed = path.replace(/\/+$/, '');
  return trimmed === '' ? '/' : trimmed.slice(trimmed.lastIndexOf('/') + 1);
}

function extension(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot < 0 ? '' : name.slice(dot);
}

const functions = {
  base: fn([string], (_call, path) => base(path)),
  dir: fn([string], (_call, path) => cleanPath(path.slice(0, path.lastIndexOf('/') + 1))),
  clean: fn([string], (_call, path) => cleanPath(path)),
  ext: fn([string], (_call, path) => extension(path)),
  isAbs: fn([string], (_call, path) => path.startsWith('/')),
};

/** Paths with slashes, and those of the operating system, which are the same on Linux. */
export const paths = {
  ...functions,
  osBase: functions.base,
  osDir: functions.dir,
  osClean: functions.clean,
  osExt: functions.ext,
  osIsAbs: functions.isAbs,
};
