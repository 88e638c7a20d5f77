import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CaptError } from '../../api/errors/capt-error.ts';
import { runCommand } from '../process/command.ts';
import { type ClusterApiProvider, clusterApiProviders } from './providers.ts';

export interface RepositoryOptions {
  /** A build of Cluster API: its kustomizations lie in `source`. */
  buildDirectory: string;
  /** With the `v`. */
  version: string;
  /** The `kubectl` that runs the kustomizations. */
  kubectl: string;
  /** Becomes a local repository of clusterctl: `<label>/<version>/<file>`. */
  directory: string;
  environment: NodeJS.ProcessEnv;
  signal?: AbortSignal | undefined;
}

/**
 * Makes the manifests of a Cluster API release from its own kustomizations, in the layout that clusterctl reads and that
 * `componentsPath` finds.
 * @throws CaptError KUSTOMIZE_FAILED
 */
export async function writeRepository(options: RepositoryOptions): Promise<void> {
  for (const provider of clusterApiProviders) {
    const path = componentsPath(options, provider);
    const folder = join(path, '..');
    await mkdir(folder, { recursive: true });
    const kustomization = join(options.buildDirectory, 'source', provider.kustomization);
    await writeFile(path, await kustomize(options, kustomization));
    await copyFile(join(options.buildDirectory, 'source', 'metadata.yaml'), join(folder, 'metadata.yaml'));
  }
}

/** Where the manifest of a provider lies in a repository. */
export function componentsPath(
  { directory, version }: { directory: string; version: string },
  { label, componentsFile }: ClusterApiProvider,
): string {
  return join(directory, label, version, componentsFile);
}

/**
 * What a kustomization makes, as one YAML text.
 * @throws CaptError KUSTOMIZE_FAILED
 */
export async function kustomize(
  { kubectl, environment, signal }: Pick<RepositoryOptions, 'kubectl' | 'environment' | 'signal'>,
  folder: string,
): Promise<string> {
  const result = await runCommand(kubectl, ['kustomize', folder], { cwd: folder, environment, signal });
  if (result.exitCode !== 0) throw new CaptError('KUSTOMIZE_FAILED', { folder, output: result.tail.join('\n') });
  return `${result.stdout.join('\n')}\n`;
}
