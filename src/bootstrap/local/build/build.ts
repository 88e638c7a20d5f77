import { mkdir, rm } from 'node:fs/promises';
import { cacheSetting, fileFailure } from '../../process/file-failure.ts';
import { lock } from '../../process/file-lock.ts';
import { BuildCache } from './build-cache.ts';
import { goBuild } from './go-build.ts';
import { buildKey, goArchitecture, readGoModule } from './go-module.ts';
import { clusterApi, type GoProduct, kubernetes, recipeOf } from './go-product.ts';
import { findGo } from './toolchain.ts';

export interface BuildOptions {
  /** Where finished builds are kept, usually `~/.cache/capt`. */
  cacheDirectory: string;
  /** Environment of the `go`, `python3` and `pip` commands; PATH decides which are found. */
  environment: NodeJS.ProcessEnv;
  /** Gets one line for a person now and then; nothing when nothing has to be built. */
  report: (line: string) => void;
  /** Time between two progress lines; 5,000 ms if not given. */
  reportIntervalMs?: number;
  signal?: AbortSignal | undefined;
  /** Another Go module than ours (tests). */
  moduleDirectory?: string;
}

export interface Build {
  /** Folder with the binaries and links of the product. */
  directory: string;
  /** With the `v`. */
  version: string;
  /** False when it was in the cache. */
  built: boolean;
}

/** `etcd`, `kube-apiserver`, `kube-controller-manager` and `kubectl` for this machine. Throws as `buildProduct` does. */
export function buildKubernetes(options: BuildOptions): Promise<Build> {
  return buildProduct(kubernetes, options);
}

/** `cluster-api`, `bootstrap-kubeadm`, `control-plane-kubeadm` and `clusterctl`. Throws as `buildProduct` does. */
export function buildClusterApi(options: BuildOptions): Promise<Build> {
  return buildProduct(clusterApi, options);
}

/**
 * The programs of a product for this machine: from the cache, or built into it. Two callers at once build once; a caller
 * that is killed leaves nothing that a later one could mistake for a build.
 *
 * Throws `GO_MISSING`, `GO_WHEEL_FAILED`, `GO_BUILD_FAILED`, `MODULE_PROXY_UNREACHABLE`, `DISK_FULL`,
 * `DIRECTORY_NOT_WRITABLE`, or the signal's reason.
 */
export async function buildProduct(product: GoProduct, options: BuildOptions): Promise<Build> {
  const { cacheDirectory, report, signal } = options;
  const { title } = product;
  const module = await readGoModule(
    options.moduleDirectory ?? product.moduleDirectory,
    product.versionedBy,
    product.folders,
  );
  const architecture = goArchitecture(process.arch);
  const { version } = module;
  const key = buildKey(module, architecture, recipeOf(product, version));
  const cache = new BuildCache(cacheDirectory, product);
  const cached = await cache.find(key);
  if (cached !== undefined) return { directory: cached, version, built: false };

  try {
    await mkdir(cache.directory, { recursive: true });
    await using _lock = await lock(cache.lockFolder, {
      signal,
      onWait: ({ pid }) => report(`another process (${pid}) is building ${title} ${version}: waiting for it`),
    });
    const finished = await cache.find(key);
    if (finished !== undefined) return { directory: finished, version, built: false };
    await cache.removeLeftovers();
    const go = await findGo({ ...options, minimum: module.minimumGo });
    const unfinished = await cache.createUnfinished();
    try {
      report(`building ${title} ${version} once with ${go} (${product.duration})`);
      const { reportIntervalMs = 5_000 } = options;
      await goBuild({ ...options, go, product, module, architecture, folder: unfinished, reportIntervalMs });
      return { directory: await cache.publish(key, unfinished), version, built: true };
    } finally {
      await rm(unfinished, { recursive: true, force: true });
    }
  } catch (error) {
    throw fileFailure(error, cache.directory, `building ${title}`, cacheSetting);
  }
}
