import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheSetting, fileFailure } from '../file-failure.ts';
import { lock } from '../process/file-lock.ts';
import { BuildCache } from './build-cache.ts';
import { goBuild } from './go-build.ts';
import { buildKey, goArchitecture, moduleDirectory, readGoModule } from './go-module.ts';
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

export interface KubernetesBuild {
  /** Folder with `etcd`, `kube-apiserver`, `kube-controller-manager` and `kubectl`. */
  directory: string;
  /** With the `v`. */
  version: string;
  /** False when it was in the cache. */
  built: boolean;
}

/**
 * The control plane binary for this machine: from the cache, or built into it. Two callers at once build once; a caller
 * that is killed leaves nothing that a later one could mistake for a build.
 *
 * Throws `GO_MISSING`, `GO_WHEEL_FAILED`, `KUBERNETES_BUILD_FAILED`, `MODULE_PROXY_UNREACHABLE`, `DISK_FULL`,
 * `DIRECTORY_NOT_WRITABLE`, or the signal's reason.
 */
export async function buildKubernetes(options: BuildOptions): Promise<KubernetesBuild> {
  const { cacheDirectory, report, signal } = options;
  const module = await readGoModule(options.moduleDirectory ?? moduleDirectory);
  const architecture = goArchitecture(process.arch);
  const key = buildKey(module, architecture);
  const version = module.kubernetesVersion;
  const cache = new BuildCache(join(cacheDirectory, 'kubernetes'));
  const cached = await cache.find(key);
  if (cached !== undefined) return { directory: cached, version, built: false };

  try {
    await mkdir(cache.directory, { recursive: true });
    await using _lock = await lock(cache.lockFolder, {
      signal,
      onWait: ({ pid }) => report(`another process (${pid}) is building Kubernetes ${version}: waiting for it`),
    });
    const finished = await cache.find(key);
    if (finished !== undefined) return { directory: finished, version, built: false };
    await cache.removeLeftovers();
    const go = await findGo({ ...options, minimum: module.minimumGo });
    const unfinished = await cache.createUnfinished();
    try {
      report(`building Kubernetes ${version} once with ${go} (three to five minutes on two cores)`);
      const { reportIntervalMs = 5_000 } = options;
      await goBuild({ ...options, go, module, architecture, folder: unfinished, reportIntervalMs });
      return { directory: await cache.publish(key, unfinished), version, built: true };
    } finally {
      await rm(unfinished, { recursive: true, force: true });
    }
  } catch (error) {
    throw fileFailure(error, cache.directory, 'building Kubernetes', cacheSetting);
  }
}
