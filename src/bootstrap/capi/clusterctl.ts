import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as yaml from 'js-yaml';
import { CaptError } from '../../api/errors/capt-error.ts';
import { runCommand } from '../process/command.ts';
import { type OwnRelease, writeOwnRelease } from './own-repository.ts';
import type { PreparedClusterApi } from './prepare.ts';
import { clusterApiProviders } from './providers.ts';
import { componentsPath } from './repository.ts';

export interface ClusterctlOptions {
  prepared: PreparedClusterApi;
  /** The `kubectl` that runs our kustomization. */
  kubectl: string;
  environment: NodeJS.ProcessEnv;
  /** What `clusterctl init` looks for; other commands do without. */
  certManager?: { version: string; manifest: string };
  signal?: AbortSignal | undefined;
}

/** The real clusterctl on a local repository with Cluster API and this provider; reaches no network. */
export class Clusterctl {
  readonly release: OwnRelease;
  readonly #file: string;
  readonly #config: string;
  readonly #environment: NodeJS.ProcessEnv;

  private constructor(file: string, config: string, release: OwnRelease, environment: NodeJS.ProcessEnv) {
    this.#file = file;
    this.#config = config;
    this.#environment = environment;
    this.release = release;
  }

  /**
   * Writes our release beside those of Cluster API, and a configuration that names all of them.
   * @throws CaptError KUSTOMIZE_FAILED
   */
  static async prepare(options: ClusterctlOptions): Promise<Clusterctl> {
    const { prepared, kubectl, environment, certManager, signal } = options;
    const { repository: directory, version, buildDirectory } = prepared;
    const release = await writeOwnRelease({ kubectl, directory, environment, signal });
    const ours = { name: 'tinkerbell', type: 'InfrastructureProvider', url: release.components };
    const theirs = clusterApiProviders.map((provider) => {
      const { name, type } = provider;
      return { name, type, url: componentsPath({ directory, version }, provider) };
    });
    const config = join(directory, 'clusterctl.yaml');
    const text = yaml.dump({
      providers: [...theirs, ours],
      ...(certManager === undefined ? {} : { 'cert-manager': await placed(certManager, directory) }),
      overridesFolder: join(directory, 'overrides'),
    });
    await writeFile(config, text);
    return new Clusterctl(join(buildDirectory, 'clusterctl'), config, release, environment);
  }

  /**
   * Runs it and gives back its standard output.
   * @throws CaptError CLUSTERCTL_FAILED with what it said
   */
  async run(args: readonly string[], variables: NodeJS.ProcessEnv = {}, signal?: AbortSignal): Promise<string> {
    const { exitCode, stdout, tail } = await runCommand(this.#file, ['--config', this.#config, ...args], {
      cwd: '/',
      environment: { ...this.#environment, GOPROXY: 'off', CLUSTERCTL_DISABLE_VERSIONCHECK: 'true', ...variables },
      signal,
    });
    if (exitCode === 0) return stdout.join('\n');
    throw new CaptError('CLUSTERCTL_FAILED', { command: args.join(' '), exitCode, output: tail.join('\n') });
  }
}

/** clusterctl wants manifests in the layout of its repositories. */
async function placed({ version, manifest }: { version: string; manifest: string }, directory: string) {
  const url = join(directory, 'cert-manager', version, 'cert-manager.yaml');
  await mkdir(join(url, '..'), { recursive: true });
  await copyFile(manifest, url);
  return { url, version };
}
