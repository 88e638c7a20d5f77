import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CertificateAuthority } from '../../kube/admission/certificate-authority.ts';
import type { Client } from '../../kube/client/client.ts';
import { type ManagerSettings, managerSettings, parseComponents, withWebhooksAt } from '../install/components.ts';
import { inOrder, type Placed } from '../install/known-kinds.ts';
import { serviceAccountToken } from '../install/service-account.ts';
import type { Variables } from '../install/substitute.ts';
import { renderKubeconfig } from '../local/kubeconfig.ts';
import { chooseFreePort } from '../local/ports.ts';
import { type BackoffOptions, defaultBackoff } from '../process/backoff.ts';
import type { ProcessSpec, ProcessStatus } from '../process/supervised.ts';
import { Supervisor } from '../process/supervisor.ts';
import { type ManagerPorts, managerProcess } from './manager-process.ts';
import { type ClusterApiProvider, clusterApiProviders } from './providers.ts';
import { componentsPath } from './repository.ts';

export interface LocalClusterApiOptions {
  /** An administrator of the management cluster. */
  client: Client;
  /** Where the management cluster is, for the managers' kubeconfigs. */
  server: { url: string; ca: string };
  /** Folder with the binaries (a build of Cluster API). */
  buildDirectory: string;
  /** Local repository with the manifests, see `writeRepository`. */
  repository: string;
  /** With the `v`. */
  version: string;
  /** Folder for keys, kubeconfigs and logs. */
  directory: string;
  /** Variables of the manifests, `CLUSTER_TOPOLOGY` and the like. */
  variables?: Variables;
  /** Further flags of every manager. */
  extraArgs?: readonly string[];
  parentDeathSignal?: NodeJS.Signals | undefined;
  /** How long each manager may take to become ready; 180,000 ms if not given. One that ends is seen at once. */
  readyTimeoutMs?: number;
  /** How long each manager may take to end before it is killed; 10,000 ms if not given. */
  stopGraceMs?: number;
  backoff?: BackoffOptions;
  signal?: AbortSignal | undefined;
  /** Gets a line for a person now and then. */
  report?: (line: string) => void;
}

interface Part {
  provider: ClusterApiProvider;
  settings: ManagerSettings;
  ports: ManagerPorts;
  before: Placed[];
  after: Placed[];
}

/**
 * The real managers of Cluster API (core, kubeadm bootstrap, kubeadm control plane) as processes beside a management
 * cluster, each with exactly the rights of its service account, its webhooks asked by URL on loopback.
 */
export class LocalClusterApi implements AsyncDisposable {
  readonly #options: LocalClusterApiOptions;
  readonly #supervisor: Supervisor;

  private constructor(options: LocalClusterApiOptions, specs: ProcessSpec[]) {
    const { backoff = defaultBackoff, report } = options;
    const onChange = ({ name, state, lastExit }: ProcessStatus) => {
      if (state === 'waiting') report?.(`${name} ${lastExit ?? 'ended'}: starting it again`);
    };
    this.#options = options;
    this.#supervisor = new Supervisor(specs, { backoff, onChange, now: () => new Date(), rotateIntervalMs: 10_000 });
  }

  /**
   * Installs and starts everything, and resolves when all managers and their webhooks work. What was started is ended
   * when something fails. Objects stay: another start finds them.
   * @throws CaptError CONTROL_PLANE_NOT_READY with the manager's last words
   */
  static async start(options: LocalClusterApiOptions): Promise<LocalClusterApi> {
    const { client } = options;
    const authority = await CertificateAuthority.create({ name: 'capt-cluster-api' });
    const parts: Part[] = [];
    for (const provider of clusterApiProviders) parts.push(await prepare(provider, parts, authority, options));
    await applyAll(
      client,
      parts.flatMap(({ before }) => before),
      options.signal,
    );
    const specs: ProcessSpec[] = [];
    for (const part of parts) specs.push(await writeManager(part, authority, options));
    const running = new LocalClusterApi(options, specs);
    try {
      await running.#supervisor.start({ readyTimeoutMs: options.readyTimeoutMs ?? 180_000, signal: options.signal });
      await applyAll(
        client,
        parts.flatMap(({ after }) => after),
        options.signal,
      );
      return running;
    } catch (error) {
      await running.stop();
      throw error;
    }
  }

  get processes(): readonly ProcessStatus[] {
    return this.#supervisor.statuses;
  }

  /** Sends a signal to one manager, to see what happens; false when it is not alive at the moment. */
  kill(label: ClusterApiProvider['label'], signal: NodeJS.Signals = 'SIGKILL'): boolean {
    return this.#supervisor.process(label).signal(signal);
  }

  async stop(): Promise<void> {
    await this.#supervisor.stop({ graceMs: this.#options.stopGraceMs ?? 10_000 });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}

async function prepare(
  provider: ClusterApiProvider,
  others: readonly Part[],
  authority: CertificateAuthority,
  { repository, version, variables = {} }: LocalClusterApiOptions,
): Promise<Part> {
  const text = readFileSync(componentsPath({ directory: repository, version }, provider), 'utf8');
  const objects = parseComponents(text, variables);
  const taken = others.flatMap(({ ports }) => Object.values(ports));
  const port = async () => {
    const chosen = await chooseFreePort('127.0.0.1', { taken });
    taken.push(chosen);
    return chosen;
  };
  const ports = { webhook: await port(), health: await port(), diagnostics: await port() };
  const address = { url: `https://127.0.0.1:${ports.webhook}`, ca: authority.certificate };
  return { provider, ports, settings: managerSettings(objects), ...inOrder(withWebhooksAt(objects, address)) };
}

async function applyAll(client: Client, placed: readonly Placed[], signal: AbortSignal | undefined): Promise<void> {
  for (const { resource, object } of placed) {
    const { name = '' } = object.metadata;
    const options = { fieldManager: 'capt-install', force: true, ...(signal ? { signal } : {}) };
    await client.apply(resource, { ...object, metadata: { ...object.metadata, name } }, options);
  }
}

/** Writes what a manager reads when it starts. */
async function writeManager(
  { provider: { label }, settings, ports }: Part,
  authority: CertificateAuthority,
  options: LocalClusterApiOptions,
): Promise<ProcessSpec> {
  const { client, server, signal } = options;
  const directory = join(options.directory, label);
  const certificates = join(directory, 'certificates');
  mkdirSync(certificates, { recursive: true, mode: 0o700 });
  const { namespace, serviceAccount: name } = settings;
  const token = await serviceAccountToken(client, { namespace, name }, signal ? { signal } : {});
  const write = (path: string, text: string) => writeFileSync(path, text, { mode: 0o600 });
  write(join(directory, 'kubeconfig'), renderKubeconfig({ server: server.url, ca: server.ca, token }, name));
  const serving = await authority.issue({ hosts: ['127.0.0.1'] });
  write(join(certificates, 'tls.crt'), serving.cert);
  write(join(certificates, 'tls.key'), serving.key);
  return managerProcess({
    name: label,
    file: join(options.buildDirectory, label),
    settings: { ...settings, args: [...settings.args, ...(options.extraArgs ?? [])] },
    ports,
    directory,
    logFile: join(directory, 'manager.log'),
    parentDeathSignal: options.parentDeathSignal,
  });
}
