import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What the build of a Go module depends on. */
export interface GoModule {
  readonly directory: string;
  /** With the `v`: the one that `go.mod` requires of the module that decides it. */
  readonly version: string;
  /** Lowest Go version that can build it, `1.26` or `1.26.6`. */
  readonly minimumGo: string;
  /** Every file that decides what comes out, by path within the module. */
  readonly sources: ReadonlyMap<string, string>;
}

/**
 * Reads the module in `directory`, whose version is that of the module `versionedBy` it requires. With `folders` only the
 * sources in these count.
 */
export async function readGoModule(
  directory: string,
  versionedBy: string,
  folders?: readonly string[],
): Promise<GoModule> {
  const isPart = (name: string) =>
    folders === undefined || !name.includes('/') || folders.some((folder) => name.startsWith(`${folder}/`));
  const names = (await readdir(directory, { recursive: true }))
    .filter((name) => /(?:\.go|(?:^|\/)go\.(?:mod|sum))$/.test(name) && isPart(name))
    .sort();
  const sources = new Map<string, string>();
  for (const name of names) sources.set(name, await readFile(join(directory, name), 'utf8'));
  return { directory, sources, ...parseGoMod(sources.get('go.mod') ?? '', versionedBy) };
}

/** The two versions that `go.mod` decides. */
export function parseGoMod(text: string, versionedBy: string): { version: string; minimumGo: string } {
  const required = text
    .split('\n')
    .map((line) =>
      line
        .trim()
        .replace(/^require /, '')
        .split(/\s+/),
    )
    .find(([name, version]) => name === versionedBy && version !== undefined);
  const version = required?.[1];
  const minimumGo = /^go (\d+\.\d+(?:\.\d+)?)/m.exec(text)?.[1]?.replace(/^(\d+\.\d+)\.0$/, '$1');
  if (version === undefined || !/^v[\w.+-]+$/.test(version) || minimumGo === undefined) {
    throw new Error(`go.mod needs a "go" line and a requirement of ${versionedBy}`);
  }
  return { version, minimumGo };
}

/** The `-ldflags` value: without these variables of the packages the programs do not know their own version. */
export function linkerFlags(version: string, packages: readonly string[]): string {
  const [major, minor] = version.slice(1).split('.');
  const variables = {
    gitVersion: version,
    gitMajor: major,
    gitMinor: minor,
    gitTreeState: 'clean',
    gitCommit: '',
  };
  const settings = packages.flatMap((name) =>
    Object.entries(variables).map(([variable, value]) => `-X ${name}.${variable}=${value}`),
  );
  return ['-s -w', ...settings].join(' ');
}

/** Go's name of the machine's architecture. */
export function goArchitecture(nodeArchitecture: string): string {
  return { x64: 'amd64', arm64: 'arm64', s390x: 's390x', ppc64: 'ppc64le' }[nodeArchitecture] ?? nodeArchitecture;
}

/** Names a build in the cache: same key, same programs. `recipe` is all that decides the outcome besides the module. */
export function buildKey(module: GoModule, architecture: string, recipe: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of [architecture, ...recipe, ...[...module.sources].flat()]) hash.update(`${part.length}:${part}`);
  return `${module.version}-${hash.digest('hex').slice(0, 16)}`;
}
