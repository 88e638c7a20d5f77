import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Architecture } from './architecture.ts';
import { interpreterOf, isElf, neededLibraries } from './elf.ts';
import { mergedPath, type PackageRoot } from './package-root.ts';
import type { TreeEntry } from './tree.ts';

/** Files of packages for the installer, with what is missing in them. */
export interface Collected {
  readonly entries: Map<string, TreeEntry>;
  readonly problems: string[];
}

/**
 * What a recipe asks packages for; a path that ends in `/` is a folder with everything in it. Firmware only comes along
 * when a driver among the chosen ones asks for it.
 */
export async function collectFiles(
  root: PackageRoot,
  packages: Readonly<Record<string, readonly string[]>>,
  wantedFirmware: ReadonlySet<string>,
): Promise<Collected> {
  const collected: Collected = { entries: new Map(), problems: [] };
  for (const [name, paths] of Object.entries(packages)) {
    for (const path of paths) {
      const files = path.endsWith('/') ? await filesIn(root, path) : [path];
      if (files.length === 0) collected.problems.push(`  packages.${name}: there is no ${path}`);
      for (const file of files.filter((each) => isWanted(each, wantedFirmware))) {
        await collect(collected, root, name, file);
      }
    }
  }
  return collected;
}

async function collect({ entries, problems }: Collected, root: PackageRoot, name: string, file: string): Promise<void> {
  const to = mergedPath(file).slice(1);
  const data = await root.read(file);
  if (data === undefined) problems.push(`  packages.${name}: there is no ${file}`);
  else entries.set(to, { kind: 'file', data, executable: isProgram(to, data) });
}

function isWanted(file: string, wantedFirmware: ReadonlySet<string>): boolean {
  const firmware = /^\/usr\/lib\/firmware\/(.*)$/.exec(mergedPath(file))?.[1];
  return firmware === undefined || wantedFirmware.has(firmware);
}

/** Adds the loader and the libraries that the programs among `entries` need, and those that these need. */
export async function addLibraries(
  { entries, problems }: Collected,
  root: PackageRoot,
  architecture: Architecture,
): Promise<void> {
  const folder = `usr/lib/${architecture.libraries}`;
  const programs = [...entries].filter(([, entry]) => entry.kind === 'file' && isElf(entry.data));
  const waiting = programs.map(([path, entry]) => ({
    path,
    data: entry.kind === 'file' ? entry.data : new Uint8Array(),
  }));
  for (const { path, data } of waiting) {
    const file = Buffer.from(data.buffer, data.byteOffset, data.length);
    const loader = interpreterOf(file);
    // The loader is where programs say, not among the libraries.
    const wanted = neededLibraries(file)
      .filter((name) => !name.startsWith('ld-linux'))
      .map((name) => `${folder}/${name}`);
    for (const to of loader === undefined ? wanted : [...wanted, mergedPath(loader).slice(1)]) {
      if (entries.has(to)) continue;
      const found = await root.read(`/${to}`);
      if (found === undefined) {
        problems.push(`  /${path} needs the library ${to.slice(to.lastIndexOf('/') + 1)}, which no package has`);
        continue;
      }
      entries.set(to, { kind: 'file', data: found, executable: true });
      waiting.push({ path: to, data: found });
    }
  }
}

async function filesIn(root: PackageRoot, path: string): Promise<string[]> {
  for (const candidate of [mergedPath(path), mergedPath(path).slice('/usr'.length)]) {
    const folder = join(root.folder, candidate);
    const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    const files = found.filter((entry) => !entry.isDirectory());
    if (files.length > 0) return files.map((entry) => `/${relative(root.folder, join(entry.parentPath, entry.name))}`);
  }
  return [];
}

function isProgram(path: string, data: Uint8Array): boolean {
  return isElf(data) || /^usr\/s?bin\//.test(path) || (data[0] === 0x23 && data[1] === 0x21);
}
