import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { cacheSetting, fileFailure } from '../process/file-failure.ts';
import { lock } from '../process/file-lock.ts';
import { markUsed, removeOldBuilds } from '../process/old-builds.ts';
import { removeUnfinished, unfinishedPrefix } from '../process/unfinished.ts';
import { bundleAgent } from './agent-bundle.ts';
import { Apt } from './apt.ts';
import { type Architecture, type ArchitectureName, architectures } from './architecture.ts';
import { assemble, type Ingredients } from './assemble.ts';
import { readOwnFiles, readRecipes } from './inputs.ts';
import { expectSame, type Manifest, manifestOf, versioned } from './manifest.ts';
import { readNode } from './node-program.ts';
import { packInitramfs } from './pack.ts';
import type { TreeEntry } from './tree.ts';

export interface InstallerOptions {
  /** Where downloads and finished builds are kept, usually `~/.cache/capt`. */
  readonly cacheDirectory: string;
  /** For apt and dpkg. */
  readonly environment: NodeJS.ProcessEnv;
  readonly architecture: ArchitectureName;
  /** Recipes that are added to ours. */
  readonly recipes?: readonly string[];
  /** Takes the newest packages; otherwise those of the first time. */
  readonly update?: boolean;
  /** Makes it once more when it is there, and compares: `INSTALLER_NOT_REPRODUCIBLE` unless the same comes out. */
  readonly check?: boolean;
  /** Gets one line for a person now and then. */
  readonly report: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface Installer {
  /** Holds `vmlinuz-<arch>`, `initramfs-<arch>` and `installer-<arch>.json`: serve it as `hookImagesURLPath`. */
  readonly directory: string;
  readonly manifest: Manifest;
  /** False when it was in the cache. */
  readonly built: boolean;
}

/** Of each architecture: recipes of several racks, and for a while what machines are booting from. */
const keptBuilds = 6;

/**
 * The installer OS for an architecture: from the cache, or made into it. The same packages, recipe and sources give the
 * same bytes. Two callers at once make it once.
 *
 * Throws `INSTALLER_…`, `DISK_FULL`, `DIRECTORY_NOT_WRITABLE`, or the signal's reason.
 */
export async function buildInstaller(options: InstallerOptions): Promise<Installer> {
  const { report, signal } = options;
  const directory = join(options.cacheDirectory, 'installer');
  try {
    await mkdir(directory, { recursive: true });
    await using _lock = await lock(join(directory, '.lock'), {
      signal,
      onWait: ({ pid }) => report(`another process (${pid}) is making an installer: waiting for it`),
    });
    await removeUnfinished(directory);
    return await build(directory, options);
  } catch (error) {
    throw fileFailure(error, directory, 'making the installer', cacheSetting);
  }
}

async function build(directory: string, options: InstallerOptions): Promise<Installer> {
  const { environment, report, signal, update = false, check = false } = options;
  const architecture: Architecture = architectures[options.architecture];
  const recipe = await readRecipes(options.recipes ?? []);
  const apt = new Apt({
    folder: join(directory, `apt-${architecture.name}`),
    architecture: architecture.debian,
    environment,
    report,
    signal,
  });
  await apt.prepare(update);
  const kernelPackage = await apt.only(await apt.kernelPackage(recipe.kernel[architecture.name] ?? 'linux-image'));
  const packages = await apt.resolve(Object.keys(recipe.packages));
  const node = await readNode(architecture);
  const [agent, ownFiles] = await Promise.all([bundleAgent(), readOwnFiles(recipe)]);
  const level = recipe.compressionLevel ?? 19;
  const inputs = { recipe, level, packages: [...packages, kernelPackage].map(versioned), node: sha256(node.program) };
  const key = sha256(JSON.stringify([architecture, inputs, digests(agent), digests(ownFiles), await ownSources()]));
  const finished = join(directory, `${architecture.name}-${key.slice(0, 16)}`);
  const manifestFile = `installer-${architecture.name}.json`;
  const kept = await readFile(join(finished, manifestFile), 'utf8').catch(() => undefined);
  const make = async (folder: string): Promise<{ files: Readonly<Record<string, Buffer>>; manifest: Manifest }> => {
    report(`making the installer for ${architecture.name} (a minute or two on two cores the first time)`);
    const [kernelDeb = '', ...debs] = await apt.download([kernelPackage, ...packages]);
    report('unpacking packages');
    const ingredients: Ingredients = { architecture, recipe, debs, kernelDeb, node: node.program, agent, ownFiles };
    const { kernel, contents } = await assemble(ingredients, { scratch: directory, environment, signal });
    signal?.throwIfAborted();
    const packed = await packInitramfs(contents, { folder, level, report });
    signal?.throwIfAborted();
    const initramfs = Buffer.concat(packed.map(({ data }) => data));
    const files = { [`vmlinuz-${architecture.name}`]: kernel.image, [`initramfs-${architecture.name}`]: initramfs };
    const parts = { architecture: architecture.name, kernel, kernelPackage, packages, nodeVersion: node.version };
    return { files, manifest: manifestOf({ ...parts, layers: packed, files }) };
  };
  let manifest: Manifest;
  if (kept === undefined) {
    const made = await make(join(directory, 'packed'));
    manifest = made.manifest;
    const text = Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`);
    await publish(finished, { ...made.files, [manifestFile]: text });
    await removeOldBuilds(directory, new RegExp(`^${architecture.name}-[0-9a-f]{16}$`), keptBuilds);
  } else {
    await markUsed(finished, new Date());
    manifest = JSON.parse(kept) as Manifest;
  }
  if (check) {
    // What was packed before would make two builds the same without proving anything.
    const folder = join(directory, `${unfinishedPrefix}packed`);
    try {
      expectSame(manifest, (await make(folder)).manifest);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    report('made once more: the same bytes');
  }
  return { directory: finished, manifest, built: kept === undefined };
}

/** By one rename: the folder is there whole or not at all. */
async function publish(folder: string, files: Readonly<Record<string, Buffer>>): Promise<void> {
  const unfinished = join(dirname(folder), `${unfinishedPrefix}${basename(folder)}`);
  await mkdir(unfinished);
  for (const [name, data] of Object.entries(files)) await writeFile(join(unfinished, name), data, { flush: true });
  await rm(folder, { recursive: true, force: true });
  await rename(unfinished, folder);
}

/** A change of how things are put together makes another installer too. */
async function ownSources(): Promise<string[]> {
  const all = await readdir(import.meta.dirname, { recursive: true });
  const names = all.filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts')).sort();
  return await Promise.all(names.map(async (name) => sha256(await readFile(join(import.meta.dirname, name)))));
}

function digests(entries: ReadonlyMap<string, TreeEntry>): string[] {
  return [...entries]
    .map(([path, entry]) =>
      entry.kind === 'file' ? `${path} ${entry.executable} ${sha256(entry.data)}` : `${path} ${JSON.stringify(entry)}`,
    )
    .sort();
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
