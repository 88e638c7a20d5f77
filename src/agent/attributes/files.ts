import { readFileSync, readlinkSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';

/** One line of sysfs, without its end; empty when it is not there. Drivers may answer a read with any error. */
export async function line(path: string): Promise<string> {
  // Not by the threads of Node: the kernel answers at once, and a machine has hundreds of these.
  const text = attempt(() => readFileSync(path, 'utf8'));
  return text.replaceAll('\0', '').trim().slice(0, 256);
}

/** Names in a folder, sorted as people do; empty when it is not there. */
export async function names(path: string): Promise<string[]> {
  const found = await readdir(path).catch(() => []);
  return found.sort(byNumber);
}

/** Numbers as numbers: `sda2` before `sda10`. What `Intl` knows takes an emulated machine a second to begin with. */
export function byNumber(a: string, b: string): number {
  const parts = (name: string): string[] => name.match(/\d+|\D+/g) ?? [];
  const [left, right] = [parts(a), parts(b)];
  for (const [index, part] of left.entries()) {
    const other = right[index] ?? '';
    const difference = Number(part) - Number(other || 'none');
    if (part !== other) return difference || (part < other ? -1 : 1);
  }
  return left.length - right.length;
}

/** Last part of where a link leads, as sysfs names drivers; empty when it is not there. */
export async function linkName(path: string): Promise<string> {
  return basename(attempt(() => readlinkSync(path)));
}

function attempt(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}

/** The largest unit of 1024 that fits, rounded up: `512B`, `4KB`, `16GB`. Nothing is empty. */
export function sizeText(bytes: number): string {
  if (!(bytes > 0)) return '';
  const units = ['B', 'KB', 'MB', 'GB', 'TB', 'PB', 'EB'];
  const index = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(bytes) / 10)));
  return `${Math.ceil(bytes / 1024 ** index)}${units[index]}`;
}
