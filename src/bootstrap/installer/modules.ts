import { sectionBytes } from './elf.ts';

/** What a kernel module says about itself in its section `.modinfo`. */
export interface KernelModule {
  /** With `_`, as the kernel writes it. */
  readonly name: string;
  /** Path from `lib/modules/<version>/`, such as `kernel/drivers/net/virtio_net.ko`. */
  readonly path: string;
  /** Modules that have to be there first: those it links to, and those it asks to have loaded before it. */
  readonly depends: readonly string[];
  readonly aliases: readonly string[];
  /** Paths under `lib/firmware` that it may ask for. */
  readonly firmware: readonly string[];
}

/** `-` and `_` are the same in names of modules. */
export function moduleName(path: string): string {
  const file = path.slice(path.lastIndexOf('/') + 1);
  return file.replace(/\.ko(\.\w+)?$/, '').replaceAll('-', '_');
}

/** Reads a module; `file` is decompressed. */
export function readModule(path: string, file: Buffer): KernelModule {
  const lines = (sectionBytes(file, '.modinfo')?.toString('latin1') ?? '').split('\0');
  const values = (key: string) =>
    lines.filter((line) => line.startsWith(`${key}=`)).map((line) => line.slice(key.length + 1));
  const before = values('softdep').flatMap((line) => /^pre:\s*(.*?)(?:\s+post:|$)/.exec(line)?.[1]?.split(/\s+/) ?? []);
  const linked = values('depends').flatMap((line) => line.split(','));
  return {
    name: moduleName(path),
    path,
    depends: [...new Set([...linked, ...before].filter((name) => name !== '').map(moduleName))],
    aliases: values('alias'),
    firmware: values('firmware'),
  };
}

/**
 * The modules that `wanted` asks for, with all that they need, by path. A line is the name of a module, a folder
 * (`kernel/drivers/nvme/`, with everything below) or the beginning of paths (`kernel/drivers/ata/sata_*`), one of them behind `!` for what to leave out, or behind `?` when it
 * need not exist in every kernel. What another module needs is taken also when it is left out. `unknown` are lines that
 * name nothing and are not left out by a line behind them: `!*` begins anew.
 */
export function chooseModules(
  modules: readonly KernelModule[],
  wanted: readonly string[],
): { chosen: KernelModule[]; unknown: string[] } {
  const byName = new Map(modules.map((module) => [module.name, module]));
  const chosen = new Set<KernelModule>();
  let unknown: string[] = [];
  for (const line of wanted) {
    const [, sign, what = ''] = /^([!?]?)(.*)$/.exec(line) ?? [];
    const start = /^(.*\/|.*(?=\*))\*?$/.exec(what)?.[1];
    const named = modules.filter(({ path, name }) =>
      start === undefined ? name === moduleName(what) : path.startsWith(start),
    );
    if (sign === '!') {
      const isOther = (each: string) => (start === undefined ? each !== what : !each.startsWith(start));
      unknown = unknown.filter(isOther);
    }
    if (named.length === 0 && sign === '') unknown.push(line);
    for (const module of named) {
      if (sign === '!') chosen.delete(module);
      else chosen.add(module);
    }
  }
  // A set may grow while it is walked through: what is needed comes behind, with what that needs.
  for (const module of chosen) {
    for (const name of module.depends) {
      const needed = byName.get(name);
      // Not there: it is built into the kernel.
      if (needed !== undefined) chosen.add(needed);
    }
  }
  return { chosen: [...chosen].sort((left, right) => (left.path < right.path ? -1 : 1)), unknown };
}

/** `modules.dep`: for each module all that has to be loaded before it, the nearest first. */
export function modulesDep(chosen: readonly KernelModule[]): string {
  const byName = new Map(chosen.map((module) => [module.name, module]));
  // modprobe loads from the last to the first: whoever needs another stands before it.
  const lines = chosen.map((module) =>
    [`${module.path}:`, ...neededBy(module, byName).map(({ path }) => path)].join(' '),
  );
  return lines.map((line) => `${line}\n`).join('');
}

/** Paths of the modules with these names and of all that they need, each behind those that it needs. */
export function loadOrder(chosen: readonly KernelModule[], names: readonly string[]): string[] {
  const byName = new Map(chosen.map((module) => [module.name, module]));
  const modules = names.flatMap((name) => byName.get(name) ?? []);
  const all = modules.flatMap((module) => [...neededBy(module, byName).reverse(), module]);
  return [...new Set(all.map(({ path }) => path))];
}

/** All that a module needs, whoever needs another before it. */
function neededBy(module: KernelModule, byName: ReadonlyMap<string, KernelModule>): KernelModule[] {
  const found = new Set<KernelModule>();
  const walk = (each: KernelModule) => {
    for (const name of each.depends) {
      const needed = byName.get(name);
      if (needed === undefined || needed === module || found.has(needed)) continue;
      found.add(needed);
      walk(needed);
    }
  };
  walk(module);
  return [...found].sort((left, right) => rank(right, byName) - rank(left, byName));
}

/** `modules.alias`: which module is for which device. */
export function modulesAlias(chosen: readonly KernelModule[]): string {
  return chosen.flatMap(({ name, aliases }) => aliases.map((alias) => `alias ${alias} ${name}\n`)).join('');
}

/** The longest way down from a module: greater than that of each it needs. */
function rank(module: KernelModule, byName: ReadonlyMap<string, KernelModule>, above: KernelModule[] = []): number {
  const needed = module.depends.flatMap((name) => byName.get(name) ?? []);
  const ranks = needed
    .filter((each) => each !== module && !above.includes(each))
    .map((each) => rank(each, byName, [...above, module]));
  return 1 + Math.max(-1, ...ranks);
}
