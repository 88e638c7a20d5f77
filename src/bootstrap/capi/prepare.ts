import { join } from 'node:path';
import { type BuildOptions, buildClusterApi, buildKubernetes } from '../local/build/build.ts';
import { writeRepository } from './repository.ts';

export interface PreparedClusterApi {
  /** Folder with `cluster-api`, `bootstrap-kubeadm`, `control-plane-kubeadm` and `clusterctl`. */
  buildDirectory: string;
  /** With the `v`. */
  version: string;
  /** Local repository of clusterctl with the manifests of the three providers. */
  repository: string;
}

/**
 * Builds Cluster API, or finds it built, and writes its manifests into `directory`.
 * Throws the errors of `buildProduct` and `KUSTOMIZE_FAILED`.
 */
export async function prepareClusterApi(options: BuildOptions & { directory: string }): Promise<PreparedClusterApi> {
  const { environment, signal } = options;
  const { directory: buildDirectory, version } = await buildClusterApi(options);
  const kubectl = join((await buildKubernetes(options)).directory, 'kubectl');
  const repository = options.directory;
  await writeRepository({ buildDirectory, version, kubectl, directory: repository, environment, signal });
  return { buildDirectory, version, repository };
}
