import { Cluster } from '../../src/api/capi/v1beta2/cluster.ts';
import { Machine } from '../../src/api/capi/v1beta2/machine.ts';
import { Secret } from '../../src/api/core/secret.ts';
import { TinkerbellCluster } from '../../src/api/infrastructure/v1beta1/tinkerbell-cluster.ts';
import { TinkerbellMachine } from '../../src/api/infrastructure/v1beta1/tinkerbell-machine.ts';
import type { TinkerbellMachineSpec } from '../../src/api/infrastructure/v1beta1/tinkerbell-machine-spec.ts';
import { kinds } from '../../src/api/kinds.ts';
import type { KubeObject } from '../../src/api/meta/object.ts';
import { apiVersionOf, type Resource } from '../../src/api/meta/resource.ts';
import { Hardware, type HardwareSpec } from '../../src/api/tinkerbell/v1alpha1/hardware.ts';
import { installCrds } from '../../src/bootstrap/install/crds.ts';
import type { Client } from '../../src/kube/client/client.ts';
import { Manager } from '../../src/kube/manager/manager.ts';
import { addProviderService, type ProviderServiceOptions } from '../../src/provider/provider-service.ts';
import { testClusterApi } from './cluster-api.ts';
import { testControlPlane } from './control-plane.ts';
import { TestNamespace } from './test-namespace.ts';

/** A template that any agent could run; the rig's tests say how its Workflow ends. */
export const anyTemplate = `version: "0.1"
name: any
global_timeout: 600
tasks:
- name: install
  worker: "{{ .device_1 }}"
  actions:
  - name: nothing
    image: example.org/nothing
    timeout: 60
`;

/** What a bootstrap provider leaves in a Secret. */
export interface BootstrapData {
  value: string;
  format: string;
}

const cloudConfig = (name: string): BootstrapData => ({
  value: `#cloud-config ${name} PROVIDER_ID`,
  format: 'cloud-config',
});

/** A namespace on the real Cluster API with our provider running in it, and words for what users create. */
export class ProviderRig implements AsyncDisposable {
  readonly #own: TestNamespace;
  #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();

  private constructor(own: TestNamespace) {
    this.#own = own;
  }

  static async create(prefix: string): Promise<ProviderRig> {
    await testClusterApi(testControlPlane());
    const own = await TestNamespace.create(prefix);
    await installCrds(own.client, kinds);
    return new ProviderRig(own);
  }

  get client(): Client {
    return this.#own.client;
  }

  get namespace(): string {
    return this.#own.name;
  }

  /** Runs the provider in this process. */
  start(options: Partial<ProviderServiceOptions> = {}): void {
    this.#stop = new AbortController();
    const manager = new Manager(this.client, { gracefulShutdownSeconds: 5 });
    addProviderService(manager, {
      namespace: this.namespace,
      builtInTemplate: () => ({ data: anyTemplate, source: 'the test' }),
      settleSeconds: 0,
      quietSeconds: 0,
      progressSeconds: 0,
      ...options,
    });
    this.#running = manager.run(this.#stop.signal);
    this.#running.catch(() => {});
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  get<T extends KubeObject>(resource: Resource<T>, name: string): Promise<T> {
    return this.client.get(resource, { namespace: this.namespace, name });
  }

  find<T extends KubeObject>(resource: Resource<T>, name: string): Promise<T | undefined> {
    return this.client.find(resource, { namespace: this.namespace, name });
  }

  async list<T extends KubeObject>(resource: Resource<T>): Promise<T[]> {
    return (await this.client.list(resource, { namespace: this.namespace })).items;
  }

  /** Patches one of the rig's objects by JSON merge patch. */
  patch<T extends KubeObject>(resource: Resource<T>, name: string, patch: object, subresource?: 'status'): Promise<T> {
    const options = subresource === undefined ? {} : { subresource };
    return this.client.mergePatch(resource, { namespace: this.namespace, name }, patch, options);
  }

  async delete(resource: Resource, name: string): Promise<void> {
    await this.client.delete(resource, { namespace: this.namespace, name });
  }

  create<T extends KubeObject>(
    resource: Resource<T>,
    name: string,
    fields: object = {},
    metadata: object = {},
  ): Promise<T> {
    const object = {
      apiVersion: apiVersionOf(resource),
      kind: resource.kind,
      metadata: { namespace: this.namespace, name, ...metadata },
      ...fields,
    };
    return this.client.create(resource, object as unknown as T);
  }

  /** A Cluster with its TinkerbellCluster, both called `name`. */
  async createCluster(name = 'c'): Promise<void> {
    const spec = { controlPlaneEndpoint: { host: '192.0.2.1', port: 6443 } };
    await this.create(TinkerbellCluster, name, { spec });
    const infrastructureRef = { apiGroup: TinkerbellCluster.group, kind: TinkerbellCluster.kind, name };
    await this.create(Cluster, name, { spec: { infrastructureRef } });
  }

  /** A Machine that nobody else manages, its TinkerbellMachine and bootstrap data, all called `name`. */
  async createMachine(
    name: string,
    spec: TinkerbellMachineSpec = {},
    { cluster = 'c', bootstrap = cloudConfig(name) }: { cluster?: string; bootstrap?: BootstrapData } = {},
  ): Promise<void> {
    await this.create(Secret, name, { stringData: bootstrap });
    const labels = { 'cluster.x-k8s.io/cluster-name': cluster };
    await this.create(TinkerbellMachine, name, { spec }, { labels });
    await this.create(Machine, name, {
      spec: {
        clusterName: cluster,
        bootstrap: { dataSecretName: name },
        infrastructureRef: { apiGroup: TinkerbellMachine.group, kind: TinkerbellMachine.kind, name },
      },
    });
  }

  /** Hardware that can be claimed; the last number of its address and MAC is `index`. */
  createHardware(
    name: string,
    index: number,
    spec: Partial<HardwareSpec> = {},
    metadata: object = {},
  ): Promise<Hardware> {
    const mac = `02:00:00:00:00:${index.toString(16).padStart(2, '0')}`;
    const ip = { address: `198.51.100.${index}`, netmask: '255.255.255.0' };
    return this.create(
      Hardware,
      name,
      {
        spec: {
          disks: [{ device: '/dev/sda' }],
          interfaces: [{ dhcp: { mac, hostname: name, ip }, netboot: { allowPXE: false } }],
          metadata: { instance: { id: mac } },
          ...spec,
        },
      },
      metadata,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await this.#own[Symbol.asyncDispose]();
  }
}
