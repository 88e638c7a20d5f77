import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kustomize, type RepositoryOptions } from './repository.ts';

/** Where this provider lies in a local repository of clusterctl. */
export interface OwnRelease {
  /** `infrastructure-components.yaml`; its name is what clusterctl's configuration has as the URL. */
  components: string;
  /** With the `v`. */
  version: string;
}

const label = 'infrastructure-tinkerbell';
const root = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * Makes what a release of this provider consists of: components from `config/default`, `metadata.yaml`, cluster templates.
 * @param options `directory` is a repository that other providers may be in too
 * @throws CaptError KUSTOMIZE_FAILED
 */
export async function writeOwnRelease(
  options: Pick<RepositoryOptions, 'kubectl' | 'directory' | 'environment' | 'signal'>,
): Promise<OwnRelease> {
  const { version: number } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  const version = `v${number}`;
  const folder = join(options.directory, label, version);
  await mkdir(folder, { recursive: true });
  const components = join(folder, 'infrastructure-components.yaml');
  await writeFile(components, await kustomize(options, join(root, 'config/default')));
  await copyFile(join(root, 'metadata.yaml'), join(folder, 'metadata.yaml'));
  for (const name of await readdir(join(root, 'templates'))) {
    if (name.endsWith('.yaml')) await copyFile(join(root, 'templates', name), join(folder, name));
  }
  return { components, version };
}
