import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the Go module of this project lies. */
export const moduleDirectory = fileURLToPath(new URL('../../../../bootstrap/kubernetes/', import.meta.url));

/** The programs in the binary, under the names of the official releases. */
export const linkedPrograms = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kubectl'] as const;

/** What the build of the Go module depends on. */
export interface GoModule {
  readonly directory: string;
  /** Version of Kubernetes with the `v`: the one `go.mod` requires. */
  readonly kubernetesVersion: string;
  /** Lowest Go version that can build it, `1.26`. */
  readonly minimumGo: string;
  /** Every file that decides what comes out, by path within the module. */
  readonly sources: ReadonlyMap<string, string>;
}

export async function readGoModule(directory: string): Promise<GoModule> {
  const names = (await readdir(directory, { recursive: true }))
    .filter((name) => /(?:\.go|(?:^|\/)go\.(?:mod|sum))$/.test(name))
    .sort();
  const sources = new Map<string, string>();
  for (const name of names) sources.set(name, await readFile(join(directory, name), 'utf8'));
  return { directory, sources, ...parseGoMod(sources.get('go.mod') ?? '') };
}

/** The two versions that `go.mod` decides. */
export function parseGoMod(text: string): { kubernetesVersion: string; minimumGo: string } {
  const kubernetesVersion = /^\s*(?:require )?k8s\.io\/kubernetes (v[\w.+-]+)/m.exec(text)?.[1];
  const minimumGo = /^go (\d+\.\d+)/m.exec(text)?.[1];
  if (kubernetesVersion === undefined || minimumGo === undefined) {
    throw new Error('go.mod needs a "go" line and a requirement of k8s.io/kubernetes');
  }
  return { kubernetesVersion, minimumGo };
}

/** The `-ldflags` value: without these variables `/version` is unusable for kubectl and Cluster API. */
export function linkerFlags(kubernetesVersion: string): string {
  const [major, minor] = kubernetesVersion.slice(1).split('.');
  const variables = {
    gitVersion: kubernetesVersion,
    gitMajor: major,
    gitMinor: minor,
    gitTreeState: 'clean',
    gitCommit: '',
  };
  const packages = ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'];
  const settings = packages.flatMap((name) =>
    Object.entries(variables).map(([variable, value]) => `-X ${name}.${variable}=${value}`),
  );
  return ['-s -w', ...settings].join(' ');
}

/** Go's name of the machine's architecture. */
export function goArchitecture(nodeArchitecture: string): string {
  return { x64: 'amd64', arm64: 'arm64', s390x: 's390x', ppc64: 'ppc64le' }[nodeArchitecture] ?? nodeArchitecture;
}

/** Names a build in the cache: same key, same binary. */
export function buildKey(module: GoModule, architecture: string): string {
  const hash = createHash('sha256');
  for (const part of [architecture, linkerFlags(module.kubernetesVersion), ...[...module.sources].flat()]) {
    hash.update(`${part.length}:${part}`);
  }
  return `${module.kubernetesVersion}-${hash.digest('hex').slice(0, 16)}`;
}
