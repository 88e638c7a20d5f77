import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Clusterctl as RealClusterctl } from '../../src/bootstrap/capi/clusterctl.ts';
import type { OwnRelease } from '../../src/bootstrap/capi/own-repository.ts';
import type { PreparedClusterApi } from '../../src/bootstrap/capi/prepare.ts';
import { buildKubernetes } from '../../src/bootstrap/local/build/build.ts';
import { readSettings } from '../../src/cli/settings.ts';

/** What clusterctl needs of cert-manager: that its kinds are there. Nothing here runs it. */
const certManager = {
  version: 'v1.21.1',
  manifest: fileURLToPath(new URL('cert-manager.yaml', import.meta.url)),
};

/** The real clusterctl, with what `clusterctl init` needs besides. */
export class Clusterctl {
  readonly certManagerManifest: string = certManager.manifest;
  readonly #real: RealClusterctl;

  private constructor(real: RealClusterctl) {
    this.#real = real;
  }

  static async prepare(prepared: PreparedClusterApi): Promise<Clusterctl> {
    const report = (line: string) => process.stderr.write(`  ${line}\n`);
    const settings = { ...readSettings(process.env, homedir()), environment: process.env, report };
    const kubectl = join((await buildKubernetes(settings)).directory, 'kubectl');
    return new Clusterctl(await RealClusterctl.prepare({ prepared, kubectl, environment: process.env, certManager }));
  }

  get release(): OwnRelease {
    return this.#real.release;
  }

  /** Runs it and gives back its standard output; throws what it said when it fails. */
  run(args: readonly string[], variables: NodeJS.ProcessEnv = {}): Promise<string> {
    return this.#real.run(args, variables);
  }
}
