import { Namespace } from '../../src/api/core/namespace.ts';
import { Client } from '../../src/kube/client/client.ts';
import { CredentialsSource } from '../../src/kube/client/credentials.ts';
import { HttpTransport } from '../../src/kube/client/transport.ts';
import { Mirror } from './mirror.ts';
import { FaultProxy, type Upstream } from './proxy.ts';

/** A client that talks straight to the API server. */
export function directClient({ server, ca, cert, key }: Upstream): Client {
  const credentials = new CredentialsSource((options) => {
    Object.assign(options, { ca, cert, key });
    return Promise.resolve();
  });
  return new Client(new HttpTransport({ server, credentials }), { userAgent: 'capt-test' });
}

/** A client that talks to the API server through the proxy. */
function proxiedClient(proxy: FaultProxy): Client {
  const credentials = new CredentialsSource(() => Promise.resolve());
  return new Client(new HttpTransport({ server: proxy.url, credentials }), { userAgent: 'capt-test-proxied' });
}

/** A namespace of its own, a mirror behind a fault proxy, and a client that sees the truth. */
export class Rig implements AsyncDisposable {
  readonly truth: Client;
  readonly proxy: FaultProxy;
  readonly mirror: Mirror;
  readonly namespace: string;
  readonly #proxied: Client;

  private constructor(truth: Client, proxy: FaultProxy, namespace: string) {
    this.truth = truth;
    this.proxy = proxy;
    this.namespace = namespace;
    this.#proxied = proxiedClient(proxy);
    this.mirror = new Mirror(this.#proxied, namespace);
  }

  static async create(upstream: Upstream): Promise<Rig> {
    const truth = directClient(upstream);
    const created = await truth.create(Namespace, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { generateName: 'faults-' },
    });
    return new Rig(truth, await FaultProxy.start(upstream), created.metadata.name ?? '');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.mirror.stop();
    await this.#proxied.close();
    await this.proxy[Symbol.asyncDispose]();
    await this.truth.close();
  }
}
