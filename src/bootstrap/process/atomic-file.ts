import { renameSync, rmSync, writeFileSync } from 'node:fs';

/**
 * Replaces a file in one step: readers see the old or the new content, never half of it, whatever kills us in between.
 * Synchronous on purpose: a pid has to be on record before anything else can happen to its process.
 */
export function writeFileAtomically(file: string, content: string, mode = 0o600): void {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, content, { mode });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
