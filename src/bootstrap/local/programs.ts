import { join } from 'node:path';
import { CaptError } from '../../api/errors/capt-error.ts';
import { type BuildOptions, buildKubernetes } from './build/build.ts';
import { isExecutable } from './build/which.ts';

/** The programs of a control plane in the order they start: each needs the one before. */
export const programNames = ['etcd', 'kube-apiserver', 'kube-controller-manager'] as const;

export type ProgramName = (typeof programNames)[number];

/** Absolute path of each executable. */
export type Programs = Readonly<Record<ProgramName, string>>;

export interface ProgramOptions extends BuildOptions {
  /** Value of KUBEBUILDER_ASSETS: a folder with official release binaries (Kubernetes v1.34 or newer). */
  assetsDirectory?: string | undefined;
}

/**
 * Release binaries when the user has some, else our own build. envtest assets come without kube-controller-manager; that
 * one is then taken from our build, for without it nothing gets garbage-collected and no namespace ever goes away.
 *
 * Throws `KUBEBUILDER_ASSETS_INCOMPLETE` and the errors of `buildKubernetes`.
 */
export async function findPrograms(options: ProgramOptions): Promise<Programs> {
  const { assetsDirectory, report } = options;
  if (assetsDirectory === undefined || assetsDirectory === '') {
    return programsIn((await buildKubernetes(options)).directory);
  }
  const programs = programsIn(assetsDirectory);
  for (const name of ['etcd', 'kube-apiserver'] as const) {
    if (await isExecutable(programs[name])) continue;
    throw new CaptError('KUBEBUILDER_ASSETS_INCOMPLETE', { directory: assetsDirectory, file: name });
  }
  if (await isExecutable(programs['kube-controller-manager'])) return programs;
  const build = await buildKubernetes(options);
  report(
    `no kube-controller-manager in KUBEBUILDER_ASSETS (${assetsDirectory}): taking the one from ${build.directory}`,
  );
  return { ...programs, 'kube-controller-manager': programsIn(build.directory)['kube-controller-manager'] };
}

function programsIn(directory: string): Programs {
  return {
    etcd: join(directory, 'etcd'),
    'kube-apiserver': join(directory, 'kube-apiserver'),
    'kube-controller-manager': join(directory, 'kube-controller-manager'),
  };
}
