import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** What is being made, in a folder of things that are made once, has a name that begins so. */
export const unfinishedPrefix = '.building-';

/** Removes what makers have left that were killed. Nobody may be making anything: the caller holds the folder's lock. */
export async function removeUnfinished(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (name.startsWith(unfinishedPrefix)) await rm(join(directory, name), { recursive: true, force: true });
  }
}
