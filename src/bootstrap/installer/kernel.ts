import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chooseModules, type KernelModule, loadOrder, modulesAlias, modulesDep, readModule } from './modules.ts';
import type { PackageRoot } from './package-root.ts';
import type { TreeEntry } from './tree.ts';

export interface KernelParts {
  /** Such as `6.1.0-56-amd64`. */
  readonly version: string;
  readonly image: Buffer;
  readonly entries: Map<string, TreeEntry>;
  readonly moduleCount: number;
  /** Paths under `lib/firmware`. */
  readonly firmware: ReadonlySet<string>;
  /** Paths of the modules without which the packed part of the installer cannot be opened, in the order to load them. */
  readonly opening: readonly string[];
  readonly problems: readonly string[];
}

const openingModules = ['loop', 'squashfs', 'overlay'];

const decompressors: Readonly<Record<string, readonly [string, ...string[]]>> = {
  xz: ['xz', '-dc'],
  zst: ['zstd', '-dcq'],
  gz: ['gzip', '-dc'],
};

/** The kernel of an unpacked package with the modules that `wanted` names, and what `modprobe` reads about them. */
export async function collectKernel(root: PackageRoot, wanted: readonly string[]): Promise<KernelParts> {
  const boot = await readdir(join(root.folder, 'boot'));
  const version = boot.find((name) => name.startsWith('vmlinuz-'))?.slice('vmlinuz-'.length);
  if (version === undefined) throw new Error('the package of the kernel has no vmlinuz');
  const base = (await exists(join(root.folder, 'usr/lib/modules', version))) ? 'usr/lib/modules' : 'lib/modules';
  const folder = join(root.folder, base, version);
  const paths = (await readdir(folder, { recursive: true })).filter((name) => /\.ko(\.\w+)?$/.test(name)).sort();
  const sources = new Map<string, string>();
  const modules: KernelModule[] = [];
  for (const path of paths) {
    const plain = path.replace(/\.(xz|zst|gz)$/, '');
    sources.set(plain, join(folder, path));
    // There are thousands, of which few are taken: not all at once in memory.
    modules.push(readModule(plain, await readModuleFile(join(folder, path))));
  }
  const { chosen, unknown } = chooseModules(modules, [...wanted, ...openingModules]);
  const entries = new Map<string, TreeEntry>();
  const add = (path: string, data: Uint8Array) =>
    entries.set(`usr/lib/modules/${version}/${path}`, { kind: 'file', data, executable: false });
  for (const { path } of chosen) add(path, await readModuleFile(sources.get(path) ?? ''));
  add('modules.dep', Buffer.from(modulesDep(chosen)));
  add('modules.alias', Buffer.from(modulesAlias(chosen)));
  add('modules.builtin', await readFile(join(folder, 'modules.builtin')));
  return {
    version,
    image: await readFile(join(root.folder, 'boot', `vmlinuz-${version}`)),
    entries,
    moduleCount: chosen.length,
    firmware: new Set(chosen.flatMap(({ firmware }) => firmware)),
    opening: loadOrder(chosen, openingModules),
    problems: unknown.map((line) => `  modules: the kernel ${version} has no ${line}`),
  };
}

/** Compressed ones are taken plain: the archive is compressed as a whole, and better. */
async function readModuleFile(file: string): Promise<Buffer> {
  const [program, ...args] = decompressors[file.slice(file.lastIndexOf('.') + 1)] ?? [];
  if (program === undefined) return await readFile(file);
  const options = { encoding: 'buffer', maxBuffer: 1 << 28 } as const;
  return (await promisify(execFile)(program, [...args, file], options)).stdout;
}

async function exists(folder: string): Promise<boolean> {
  return await readdir(folder).then(
    () => true,
    () => false,
  );
}
