import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { CertificateAuthority } from '../../kube/admission/certificate-authority.ts';
import type { Client } from '../../kube/client/client.ts';
import { managerSettings, parseComponents, withWebhooksAt } from '../install/components.ts';
import { inOrder, type Placed } from '../install/known-kinds.ts';
import { serviceAccountToken } from '../install/service-account.ts';
import { renderKubeconfig } from '../local/kubeconfig.ts';
import { defaultBackoff } from '../process/backoff.ts';
import type { ProcessSpec } from '../process/supervised.ts';
import { Supervisor } from '../process/supervisor.ts';

export interface OwnServicesOptions {
  /** An administrator of the management cluster. */
  client: Client;
  /** Where the management cluster is. */
  server: { url: string; ca: string };
  /** `infrastructure-components.yaml` as clusterctl would install it. */
  components: string;
  /** Program and first arguments of `capt serve`. */
  command: readonly string[];
  /** Its further flags. */
  flags: readonly string[];
  httpPort: number;
  webhookPort: number;
  /** Folder for kubeconfig, certificate and log. */
  directory: string;
  /** How long `capt serve` may take to become ready; 180,000 ms if not given, as for Cluster API. One that ends is seen at once. */
  readyTimeoutMs?: number;
  signal?: AbortSignal | undefined;
  report?: (line: string) => void;
}

/**
 * This provider as users have it, but as a process: the components that clusterctl installs, and `capt serve` with the
 * token of their service account and nothing else, webhooks on. What dies is started again.
 */
export class OwnServices implements AsyncDisposable {
  readonly #supervisor: Supervisor;

  private constructor(supervisor: Supervisor) {
    this.#supervisor = supervisor;
  }

  /**
   * Resolves when all services are ready and the API server asks their webhooks.
   * @throws CaptError CONTROL_PLANE_NOT_READY with the last words of `capt serve`
   */
  static async start(options: OwnServicesOptions): Promise<OwnServices> {
    const { client, components, webhookPort, signal, report, readyTimeoutMs = 180_000 } = options;
    const authority = await CertificateAuthority.create({ name: 'capt-webhooks' });
    const address = { url: `https://127.0.0.1:${webhookPort}`, ca: authority.certificate };
    const objects = parseComponents(readFileSync(components, 'utf8'));
    const { before, after } = inOrder(withWebhooksAt(objects, address));
    await applyAll(client, before, signal);
    mkdirSync(join(options.directory, 'certificates'), { recursive: true, mode: 0o700 });
    await writeKubeconfig(options, managerSettings(objects));
    await writeCertificate(options, authority);
    const supervisor = new Supervisor([specOf(options)], {
      backoff: defaultBackoff,
      onChange: ({ name, state, lastExit }) => {
        if (state === 'waiting') report?.(`${name} ${lastExit ?? 'ended'}: starting it again`);
      },
      now: () => new Date(),
      rotateIntervalMs: 10_000,
    });
    const services = new OwnServices(supervisor);
    try {
      await supervisor.start({ readyTimeoutMs, signal });
      await applyAll(client, after, signal);
      return services;
    } catch (error) {
      await services[Symbol.asyncDispose]();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#supervisor.stop({ graceMs: 10_000 });
  }
}

async function applyAll(client: Client, placed: readonly Placed[], signal: AbortSignal | undefined): Promise<void> {
  for (const { resource, object } of placed) {
    const { name = '' } = object.metadata;
    const options = { fieldManager: 'capt-install', force: true, ...(signal ? { signal } : {}) };
    await client.apply(resource, { ...object, metadata: { ...object.metadata, name } }, options);
  }
}

async function writeKubeconfig(
  { client, server, directory, signal }: OwnServicesOptions,
  { namespace, serviceAccount: name }: { namespace: string; serviceAccount: string },
): Promise<void> {
  const token = await serviceAccountToken(client, { namespace, name }, signal ? { signal } : {});
  const text = renderKubeconfig({ server: server.url, ca: server.ca, token }, name);
  writeFileSync(join(directory, 'kubeconfig'), text, { mode: 0o600 });
}

async function writeCertificate({ directory }: OwnServicesOptions, authority: CertificateAuthority): Promise<void> {
  const { cert, key } = await authority.issue({ hosts: ['127.0.0.1'] });
  writeFileSync(join(directory, 'certificates', 'tls.crt'), cert);
  writeFileSync(join(directory, 'certificates', 'tls.key'), key, { mode: 0o600 });
}

function specOf({ command, flags, directory, httpPort, webhookPort }: OwnServicesOptions): ProcessSpec {
  return {
    name: 'capt serve',
    // The kernel ends it when whoever supervises it is killed.
    file: '/usr/bin/setpriv',
    args: [
      ...['--pdeathsig', 'TERM', '--', ...command, 'serve'],
      ...['--kubeconfig', join(directory, 'kubeconfig'), '--http-port', String(httpPort)],
      ...['--webhook-host', '127.0.0.1', '--webhook-port', String(webhookPort)],
      ...['--webhook-cert-dir', join(directory, 'certificates')],
      ...flags,
    ],
    environment: { PATH: process.env['PATH'] ?? '' },
    directory,
    logFile: join(directory, 'serve.log'),
    isReady: (signal) => answersReady(httpPort, signal),
  };
}

function answersReady(port: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(
      { host: '127.0.0.1', port, path: '/readyz', agent: false, signal, timeout: 2_000 },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode === 200);
      },
    );
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(false));
  });
}
