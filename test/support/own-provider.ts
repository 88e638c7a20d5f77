import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubeObject } from '../../src/api/meta/object.ts';
import { managerSettings, parseComponents, withWebhooksAt } from '../../src/bootstrap/install/components.ts';
import { inOrder, type Placed } from '../../src/bootstrap/install/known-kinds.ts';
import { serviceAccountToken } from '../../src/bootstrap/install/service-account.ts';
import { renderKubeconfig } from '../../src/bootstrap/local/kubeconfig.ts';
import type { LocalControlPlane } from '../../src/bootstrap/local/local-control-plane.ts';
import { chooseFreePort } from '../../src/bootstrap/local/ports.ts';
import { CertificateAuthority } from '../../src/kube/admission/certificate-authority.ts';
import type { Client } from '../../src/kube/client/client.ts';
import { connect } from '../../src/kube/client/connect.ts';
import { loadKubeConfig } from '../../src/kube/client/kubeconfig.ts';
import { eventually } from '../faults/eventually.ts';
import type { Clusterctl } from './clusterctl.ts';
import { testControlPlane } from './control-plane.ts';
import { Serving } from './serving.ts';

export interface OwnProviderOptions {
  services: string;
  /** Where it looks; everywhere if not given. */
  namespace?: string;
  /** Port of the agents' API; any free one if not given. */
  agentPort?: number;
  /** Further flags. */
  flags?: string[];
  /** Where it is installed; the control plane of the run if not given. */
  controlPlane?: LocalControlPlane;
}

/**
 * This provider as users have it: the components that clusterctl installs, and `capt serve` with the token of their service
 * account and nothing else, webhooks on. Its Deployment's flags that name addresses are replaced.
 */
export class OwnProvider implements AsyncDisposable {
  readonly agentPort: number;
  readonly #httpPort: number;
  readonly #serving: Serving;
  readonly #client: Client;
  readonly #webhooks: Placed[];
  readonly #directory: string;

  private constructor(fields: {
    ports: { agent: number; http: number };
    serving: Serving;
    client: Client;
    webhooks: Placed[];
    directory: string;
  }) {
    this.agentPort = fields.ports.agent;
    this.#httpPort = fields.ports.http;
    this.#serving = fields.serving;
    this.#client = fields.client;
    this.#webhooks = fields.webhooks;
    this.#directory = fields.directory;
  }

  /** Resolves when it is ready and the API server asks its webhooks. */
  static async start(clusterctl: Clusterctl, options: OwnProviderOptions): Promise<OwnProvider> {
    const { controlPlane = testControlPlane(), services, namespace, flags = [] } = options;
    const client = connect(loadKubeConfig({ path: controlPlane.kubeconfigFile }), { userAgent: 'capt-test' });
    const directory = await mkdtemp(join(tmpdir(), 'capt-own-'));
    const infrastructure = `tinkerbell:${clusterctl.release.version}`;
    const objects = parseComponents(await clusterctl.run(['generate', 'provider', '--infrastructure', infrastructure]));
    const taken: number[] = [];
    for (let count = 0; count < 3; count++) taken.push(await chooseFreePort('127.0.0.1', { taken }));
    const [http = 0, freePort = 0, webhook = 0] = taken;
    const agent = options.agentPort ?? freePort;
    const authority = await CertificateAuthority.create({ name: 'capt-own' });
    const address = { url: `https://127.0.0.1:${webhook}`, ca: authority.certificate };
    const { before, after } = inOrder(withWebhooksAt(objects, address));
    await applyAll(client, before);
    const settings = managerSettings(objects);
    const serving = new Serving(services, [
      ...['--kubeconfig', await writeKubeconfig(client, controlPlane, settings, directory)],
      ...['--http-port', String(http), '--tink-server-bind-port', String(agent)],
      ...['--webhook-host', '127.0.0.1', '--webhook-port', String(webhook)],
      ...['--webhook-cert-dir', await writeCertificate(authority, directory)],
      ...['--leader-elect', '--leader-election-namespace', settings.namespace],
      ...(namespace === undefined ? [] : ['--namespace', namespace]),
      ...flags,
    ]);
    const provider = new OwnProvider({ ports: { http, agent }, serving, client, webhooks: after, directory });
    serving.start();
    try {
      await provider.#untilReady();
      await applyAll(client, after);
      return provider;
    } catch (error) {
      await provider[Symbol.asyncDispose]();
      throw error;
    }
  }

  get output(): string {
    return this.#serving.output;
  }

  /** Fails with what it said when the API server has refused it anything so far. */
  async assertNothingForbidden(): Promise<void> {
    const text = await (await fetch(`http://127.0.0.1:${this.#httpPort}/metrics`)).text();
    assert.match(text, /^rest_client_requests_total\{.*code="200"/m);
    const forbidden = text.split('\n').filter((line) => /^rest_client_requests_total\{.*code="403"/.test(line));
    const said = this.output.split('\n').filter((line) => /forbidden|"code":403/i.test(line));
    assert.deepEqual([forbidden, said], [[], []]);
  }

  async #untilReady(): Promise<void> {
    await eventually(async () => {
      const answer = await fetch(`http://127.0.0.1:${this.#httpPort}/readyz`).catch(() => undefined);
      assert.equal(answer?.status, 200, `${await answer?.text()}\n${this.output}`);
    }, 60);
  }

  /** Ends it and takes its webhooks away: the API server would refuse every write of its kinds. The rest stays. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const { resource, object } of this.#webhooks) {
      const { name = '' } = object.metadata;
      await this.#client.delete(resource, { name }).catch(() => {});
    }
    await this.#serving.end('SIGTERM');
    await this.#client.close();
    await rm(this.#directory, { recursive: true, force: true });
  }
}

export async function applyAll(client: Client, placed: readonly Placed[]): Promise<void> {
  for (const { resource, object } of placed) {
    const named = object as KubeObject & { metadata: { name: string } };
    await client.apply(resource, named, { fieldManager: 'capt-install', force: true });
  }
}

async function writeKubeconfig(
  client: Client,
  controlPlane: LocalControlPlane,
  { namespace, serviceAccount: name }: { namespace: string; serviceAccount: string },
  directory: string,
): Promise<string> {
  const token = await serviceAccountToken(client, { namespace, name });
  const { server, ca } = controlPlane.adminCredentials;
  const file = join(directory, 'kubeconfig');
  await writeFile(file, renderKubeconfig({ server, ca, token }, name), { mode: 0o600 });
  return file;
}

async function writeCertificate(authority: CertificateAuthority, directory: string): Promise<string> {
  const folder = join(directory, 'certificates');
  await mkdir(folder, { mode: 0o700 });
  const { cert, key } = await authority.issue({ hosts: ['127.0.0.1'] });
  await writeFile(join(folder, 'tls.crt'), cert);
  await writeFile(join(folder, 'tls.key'), key, { mode: 0o600 });
  return folder;
}
