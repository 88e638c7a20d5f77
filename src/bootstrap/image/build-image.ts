import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Architecture, architectures, ownArchitecture } from '../installer/architecture.ts';
import { buildProduct } from '../local/build/build.ts';
import { containerd, nodePrograms } from '../local/build/go-product.ts';
import { cacheSetting, fileFailure } from '../process/file-failure.ts';
import { lock } from '../process/file-lock.ts';
import { markUsed, removeOldBuilds } from '../process/old-builds.ts';
import { removeUnfinished, unfinishedPrefix } from '../process/unfinished.ts';
import { assembleImage } from './assemble-image.ts';
import { ownFilesFolder, type RecipeFiles, readRecipe } from './inputs.ts';
import type { ImageManifest } from './manifest.ts';
import type { Recipe } from './recipe.ts';
import { rootArchive } from './root-archive.ts';
import { Tools } from './tools.ts';

export interface ImageOptions extends RecipeFiles {
  /** Where downloads and finished builds are kept, usually `~/.cache/capt`. */
  readonly cacheDirectory: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Takes the newest Debian packages; otherwise those of the first time. */
  readonly update?: boolean;
  /** Makes it even when it is there. */
  readonly anew?: boolean;
  /** Gets one line for a person now and then. */
  readonly report: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface OsImage extends ImageManifest {
  /** Holds the image, its `.sha256` and `image.json`. */
  readonly directory: string;
  /** Path of the image, a disk compressed by zstd. */
  readonly path: string;
  /** False when it was in the cache. */
  readonly built: boolean;
}

/** The one for emulated machines and that for real ones, each with the one before it. */
const keptBuilds = 4;

/** What is kept so: images, and Debian by itself. */
const buildKinds = [/^v[\w.+-]+-[0-9a-f]{16}$/, /^root-[0-9a-f]{16}$/];

/**
 * The OS image of cluster nodes for machines as this one: from the cache, or made into it, which needs root. Two callers at
 * once make it once; one that is killed leaves no process and no mount, and its files go with the next build.
 *
 * Throws `IMAGE_…`, the errors of `buildProduct`, `DISK_FULL`, `DIRECTORY_NOT_WRITABLE`, or the signal's reason.
 */
export async function buildImage(options: ImageOptions): Promise<OsImage> {
  const { report, signal } = options;
  const directory = join(options.cacheDirectory, 'image');
  try {
    await mkdir(directory, { recursive: true });
    await using _lock = await lock(join(directory, '.lock'), {
      signal,
      onWait: ({ pid }) => report(`another process (${pid}) is making an image: waiting for it`),
    });
    await removeUnfinished(directory);
    return await build(directory, options);
  } catch (error) {
    throw fileFailure(error, directory, 'making the image', { ...cacheSetting, neededGigabytes: 5 });
  }
}

async function build(directory: string, options: ImageOptions): Promise<OsImage> {
  const { report, update = false, anew = false } = options;
  const architecture: Architecture = architectures[ownArchitecture(process.arch)];
  const recipe = await readRecipe(options);
  const { programs, runtime, debian } = await ingredients(directory, recipe, update, options);
  const parts = {
    architecture: architecture.name,
    recipe,
    packages: debian.packages,
    programs: basename(programs.directory),
    runtime: basename(runtime.directory),
    files: await digestsOf([ownFilesFolder, ...Object.values(recipe.files), ...recipe.containerImages]),
    sources: await digestsOf([import.meta.dirname]),
  };
  const key = createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
  const finished = join(directory, `${programs.version}-${key}`);
  const kept = anew ? undefined : await readFile(join(finished, 'image.json'), 'utf8').catch(() => undefined);
  if (kept !== undefined) {
    await markUsed(finished, new Date());
    return described(finished, JSON.parse(kept) as ImageManifest, false);
  }

  const tools = new Tools(options.environment, options.signal);
  await tools.check(process.getuid?.());
  const scratch = join(directory, `${unfinishedPrefix}${process.pid}`);
  await mkdir(scratch, { recursive: true });
  try {
    const name = `debian-${recipe.debian.suite}-kubernetes-${programs.version}-${architecture.name}.raw.zst`;
    const out = join(scratch, 'out');
    await mkdir(out);
    const made = await assembleImage({
      recipe,
      architecture,
      debian,
      kubernetes: { version: programs.version, directory: programs.directory },
      containerdPrograms: runtime.directory,
      seed: key,
      file: join(out, name),
      scratch,
      tools,
      report,
    });
    const sha256 = await digest(join(out, name));
    const manifest: ImageManifest = {
      file: name,
      sha256,
      sizeBytes: (await stat(join(out, name))).size,
      rawSizeBytes: made.rawSizeBytes,
      kubernetesVersion: programs.version,
      containerdVersion: runtime.version,
      suite: recipe.debian.suite,
      architecture: architecture.name,
      kernelArguments: recipe.kernelArguments,
      containerImages: made.containerImages,
      packages: debian.packages,
    };
    await writeFile(join(out, `${name}.sha256`), `${sha256}  ${name}\n`, { flush: true });
    await writeFile(join(out, 'image.json'), `${JSON.stringify(manifest, undefined, 2)}\n`, { flush: true });
    await rm(finished, { recursive: true, force: true });
    await rename(out, finished);
    for (const kind of buildKinds) await removeOldBuilds(directory, kind, keptBuilds);
    return described(finished, manifest, true);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Programs and packages come at once: one is computing, the other mostly downloading. When one fails the other ends. */
async function ingredients(directory: string, recipe: Recipe, update: boolean, options: ImageOptions) {
  const { cacheDirectory, environment, report, signal } = options;
  const other = new AbortController();
  const both = signal === undefined ? other.signal : AbortSignal.any([signal, other.signal]);
  const orElse = (error: unknown): never => {
    other.abort(error);
    throw error;
  };
  const makeDebian = async () => {
    const tools = new Tools(environment, both);
    return await rootArchive(recipe, { folder: directory, tools, update, report });
  };
  const makePrograms = async () => {
    const settings = { cacheDirectory, environment, report, signal: both };
    const programs = await buildProduct(nodePrograms, settings);
    return { programs, runtime: await buildProduct(containerd, settings) };
  };
  const [debian, built] = await Promise.allSettled([makeDebian().catch(orElse), makePrograms().catch(orElse)]);
  if (debian.status === 'fulfilled' && built.status === 'fulfilled') return { debian: debian.value, ...built.value };
  signal?.throwIfAborted();
  throw other.signal.reason;
}

function described(directory: string, manifest: ImageManifest, built: boolean): OsImage {
  return { ...manifest, directory, path: join(directory, manifest.file), built };
}

/** Of files, and of those in folders; tests and other folders in them do not count. */
async function digestsOf(paths: readonly string[]): Promise<string[]> {
  const result: string[] = [];
  for (const path of paths) {
    const found = await stat(path).catch(() => undefined);
    if (found === undefined) result.push(`${path} is missing`);
    else if (!found.isDirectory()) result.push(`${basename(path)} ${found.mode & 0o777} ${await digest(path)}`);
    else {
      const names = (await readdir(path)).filter((name) => !name.endsWith('.test.ts')).sort();
      for (const line of await digestsOf(names.map((name) => join(path, name))))
        result.push(`${basename(path)}/${line}`);
    }
  }
  return result;
}

async function digest(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
