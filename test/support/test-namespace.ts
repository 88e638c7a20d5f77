import { Namespace } from '../../src/api/core/namespace.ts';
import type { Client } from '../../src/kube/client/client.ts';
import { connect } from '../../src/kube/client/connect.ts';
import { loadKubeConfig } from '../../src/kube/client/kubeconfig.ts';
import { testControlPlane } from './control-plane.ts';

/** A namespace that a test has for itself, and an administrator's client to work in it. */
export class TestNamespace implements AsyncDisposable {
  readonly name: string;
  readonly client: Client;

  private constructor(client: Client, name: string) {
    this.client = client;
    this.name = name;
  }

  /** Makes one whose name begins with `prefix`. */
  static async create(prefix: string): Promise<TestNamespace> {
    const client = connect(loadKubeConfig({ path: testControlPlane().kubeconfigFile }), {
      userAgent: 'capt-test',
      // A machine with much else to do is slow, and what a test asks for it needs.
      requestTimeoutSeconds: 120,
    });
    const metadata = { generateName: `${prefix}-` };
    const created = await client.create(Namespace, { apiVersion: 'v1', kind: 'Namespace', metadata });
    return new TestNamespace(client, created.metadata.name ?? '');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.delete(Namespace, { name: this.name });
    await this.client.close();
  }
}
