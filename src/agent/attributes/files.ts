import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';

/** One line of sysfs, without its end; empty when it is not there. Drivers may answer a read with any error. */
export async function line(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.replaceAll('\0', '').trim().slice(0, 256);
}

/** Names in a folder, sorted as people do; empty when it is not there. */
export async function names(path: string): Promise<string[]> {
  const found = await readdir(path).catch(() => []);
  return found.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/** Last part of where a link leads, as sysfs names drivers; empty when it is not there. */
export async function linkName(path: string): Promise<string> {
  return basename(await readlink(path).catch(() => ''));
}

/** The largest unit of 1024 that fits, rounded up: `512B`, `4KB`, `16GB`. Nothing is empty. */
export function sizeText(bytes: number): string {
  if (!(bytes > 0)) return '';
  const units = ['B', 'KB', 'MB', 'GB', 'TB', 'PB', 'EB'];
  const index = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(bytes) / 10)));
  return `${Math.ceil(bytes / 1024 ** index)}${units[index]}`;
}
