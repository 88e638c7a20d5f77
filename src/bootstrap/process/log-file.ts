import { closeSync, copyFileSync, fstatSync, openSync, readSync, statSync, truncateSync } from 'node:fs';

/** Largest size of a log; as much again is kept of what came before, as `<file>.1`. */
export const maxLogBytes = 10 * 1024 * 1024;

/**
 * Opens a log for a child to write to by itself. Appending is what makes rotation possible under its feet, and a plain
 * file (not a pipe to us) is what lets the child go on when we are killed.
 */
export function openLog(file: string): number {
  return openSync(file, 'a', 0o600);
}

/** Moves the content of a log that has grown beyond `maxBytes` to `<file>.1`, in place: the writer notices nothing. */
export function rotateLog(file: string, maxBytes = maxLogBytes): boolean {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) <= maxBytes) return false;
  copyFileSync(file, `${file}.1`);
  truncateSync(file, 0);
  return true;
}

/** The current size of a log, to read from there later. */
export function logSize(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** The last `count` lines that were written at or after byte `from`; at most 64 KiB are looked at. */
export function lastLogLines(file: string, count: number, from = 0): string[] {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    return [];
  }
  try {
    const { size } = fstatSync(descriptor);
    // A log shorter than it was has been rotated: all of it is new.
    const start = Math.max(size < from ? 0 : from, size - 65_536);
    const buffer = Buffer.alloc(size - start);
    readSync(descriptor, buffer, 0, buffer.length, start);
    return buffer
      .toString('utf8')
      .split('\n')
      .filter((line) => line.trim() !== '')
      .slice(-count);
  } finally {
    closeSync(descriptor);
  }
}
