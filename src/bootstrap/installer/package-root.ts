import { readFile, readlink, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../process/command.ts';

/** Packages unpacked into one folder, looked at with `/bin` and `/usr/bin` (and so on) being the same. */
export class PackageRoot {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  async unpack(debs: readonly string[], environment: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<void> {
    for (const deb of debs) {
      const { exitCode, tail } = await runCommand('dpkg-deb', ['-x', deb, this.folder], { environment, signal });
      if (exitCode !== 0) throw new Error(`dpkg-deb cannot unpack ${deb}: ${tail.join('; ')}`);
    }
  }

  /** A file by its absolute path in the installed system, links followed; undefined when there is none. */
  async find(path: string): Promise<string | undefined> {
    const merged = mergedPath(path);
    for (const candidate of [merged, merged.replace(/^\/usr(?=\/(?:s?bin|lib))/, '')]) {
      const file = join(this.folder, candidate);
      const target = await readlink(file).catch(() => '');
      // For the kernel here it would lead to a file of this machine.
      if (target.startsWith('/')) return await this.find(target);
      const real = await realpath(file).catch(() => undefined);
      if (real === undefined) continue;
      // The folder itself may be named by a link, such as a cache on another disk.
      const inside = real.startsWith(`${await realpath(this.folder)}/`);
      if (inside && (await stat(real)).isFile()) return real;
    }
    return undefined;
  }

  async read(path: string): Promise<Buffer | undefined> {
    const file = await this.find(path);
    return file === undefined ? undefined : await readFile(file);
  }
}

/** Where a path lies once `/bin`, `/sbin` and `/lib` are links into `/usr`. */
export function mergedPath(path: string): string {
  return path.replace(/^\/(?=(?:s?bin|lib|lib64)\/)/, '/usr/');
}
