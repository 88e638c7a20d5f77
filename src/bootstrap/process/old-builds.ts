import { readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';

/** A build that is taken from the cache is as new as one that was made now. */
export async function markUsed(folder: string, now: Date): Promise<void> {
  await utimes(folder, now, now);
}

/**
 * Every change of a recipe makes another build, of up to 300 MB. Of the folders in `directory` whose names match `kind`, keeps
 * the `kept` that were made or used last; others are left alone.
 */
export async function removeOldBuilds(directory: string, kind: RegExp, kept: number): Promise<void> {
  const names = (await readdir(directory)).filter((name) => kind.test(name));
  const builds = await Promise.all(
    names.map(async (name) => ({ name, usedAt: (await stat(join(directory, name))).mtimeMs })),
  );
  const old = builds.sort((left, right) => right.usedAt - left.usedAt).slice(kept);
  for (const { name } of old) await rm(join(directory, name), { recursive: true, force: true });
}
