import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as yaml from 'js-yaml';
import { type OwnRelease, writeOwnRelease } from '../../src/bootstrap/capi/own-repository.ts';
import type { PreparedClusterApi } from '../../src/bootstrap/capi/prepare.ts';
import { clusterApiProviders } from '../../src/bootstrap/capi/providers.ts';
import { componentsPath } from '../../src/bootstrap/capi/repository.ts';
import { buildKubernetes } from '../../src/bootstrap/local/build/build.ts';
import { runCommand } from '../../src/bootstrap/local/process/command.ts';
import { readSettings } from '../../src/cli/settings.ts';

/** What clusterctl needs of cert-manager: that its kinds are there. Nothing here runs it. */
const certManager = {
  version: 'v1.21.1',
  manifest: fileURLToPath(new URL('cert-manager.yaml', import.meta.url)),
};

/** The real clusterctl on a local repository with Cluster API and this provider; reaches no network. */
export class Clusterctl {
  readonly release: OwnRelease;
  readonly certManagerManifest: string = certManager.manifest;
  readonly #file: string;
  readonly #config: string;

  private constructor(file: string, config: string, release: OwnRelease) {
    this.#file = file;
    this.#config = config;
    this.release = release;
  }

  /** Writes our release beside those of Cluster API, and a configuration that names all of them. */
  static async prepare(prepared: PreparedClusterApi): Promise<Clusterctl> {
    const { repository: directory, version, buildDirectory } = prepared;
    const report = (line: string) => process.stderr.write(`  ${line}\n`);
    const settings = { ...readSettings(process.env, homedir()), environment: process.env, report };
    const kubectl = join((await buildKubernetes(settings)).directory, 'kubectl');
    const release = await writeOwnRelease({ kubectl, directory, environment: process.env });
    const manifest = join(directory, 'cert-manager', certManager.version, 'cert-manager.yaml');
    await mkdir(join(manifest, '..'), { recursive: true });
    await copyFile(certManager.manifest, manifest);
    const ours = { name: 'tinkerbell', type: 'InfrastructureProvider', url: release.components };
    const theirs = clusterApiProviders.map((provider) => {
      const { name, type } = provider;
      return { name, type, url: componentsPath({ directory, version }, provider) };
    });
    const config = join(directory, 'clusterctl.yaml');
    const text = yaml.dump({
      providers: [...theirs, ours],
      'cert-manager': { url: manifest, version: certManager.version },
      overridesFolder: join(directory, 'overrides'),
    });
    await writeFile(config, text);
    return new Clusterctl(join(buildDirectory, 'clusterctl'), config, release);
  }

  /** Runs it and gives back its standard output; throws what it said when it fails. */
  async run(args: readonly string[], variables: NodeJS.ProcessEnv = {}): Promise<string> {
    const { exitCode, stdout, tail } = await runCommand(this.#file, ['--config', this.#config, ...args], {
      cwd: '/',
      environment: { ...process.env, GOPROXY: 'off', CLUSTERCTL_DISABLE_VERSIONCHECK: 'true', ...variables },
    });
    if (exitCode !== 0) throw new Error(`clusterctl ${args.join(' ')} ended with ${exitCode}:\n${tail.join('\n')}`);
    return stdout.join('\n');
  }
}
