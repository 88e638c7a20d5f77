import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** What `buildImage` publishes: images, and Debian by itself. */
const kinds = [/^v[\w.+-]+-[0-9a-f]{16}$/, /^root-[0-9a-f]{16}$/];

/** Every change of a recipe makes another image of 300 MB. Keeps the newest of each kind; other names are left alone. */
export async function removeOldBuilds(directory: string, kept: number): Promise<void> {
  const names = await readdir(directory);
  for (const kind of kinds) {
    const builds = await Promise.all(
      names
        .filter((name) => kind.test(name))
        .map(async (name) => ({ name, madeAt: (await stat(join(directory, name))).mtimeMs })),
    );
    const old = builds.sort((left, right) => right.madeAt - left.madeAt).slice(kept);
    for (const { name } of old) await rm(join(directory, name), { recursive: true, force: true });
  }
}
