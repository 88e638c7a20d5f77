import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The package with the newest kernel that apt-get knows. */
export async function kernelPackage(): Promise<string> {
  const { stdout } = await run('apt-cache', ['depends', 'linux-image-cloud-amd64'], { timeout: 60_000 });
  const name = /Depends: (linux-image-\S+)/.exec(stdout)?.[1];
  if (name === undefined) throw new Error('linux-image-cloud-amd64 depends on no kernel');
  return name;
}

/** A folder with the files of a Debian package, without installing it; downloaded once and kept in the cache folder. */
export async function unpackedPackage(cacheDirectory: string, name: string): Promise<string> {
  const folder = join(cacheDirectory, 'debian-packages', name);
  if (existsSync(folder)) return folder;
  await mkdir(dirname(folder), { recursive: true });
  const work = await mkdtemp(`${folder}.`);
  try {
    await run('apt-get', ['-q', 'download', name], { cwd: work, timeout: 300_000 });
    const [archive] = await readdir(work);
    if (archive === undefined) throw new Error(`apt-get has downloaded no ${name}`);
    await run('dpkg-deb', ['-x', join(work, archive), join(work, 'files')], { timeout: 120_000 });
    // Another run may have been quicker: then its files are as good.
    await rename(join(work, 'files'), folder).catch((error) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return folder;
}
