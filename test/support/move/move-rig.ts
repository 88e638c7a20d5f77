import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Machine } from '../../../src/api/capi/v1beta2/machine.ts';
import { MachineDeployment } from '../../../src/api/capi/v1beta2/machine-deployment.ts';
import { Secret } from '../../../src/api/core/secret.ts';
import type { KubeObject } from '../../../src/api/meta/object.ts';
import type { Resource } from '../../../src/api/meta/resource.ts';
import type { LocalControlPlane } from '../../../src/bootstrap/local/local-control-plane.ts';
import type { Client } from '../../../src/kube/client/client.ts';
import { connect } from '../../../src/kube/client/connect.ts';
import { loadKubeConfig } from '../../../src/kube/client/kubeconfig.ts';
import { getCondition } from '../../../src/kube/objects/conditions.ts';
import { WorkloadCluster } from '../../../src/rack/simulated/os/workload-cluster.ts';
import { SimulatedRack } from '../../../src/rack/simulated/rack.ts';
import { HardwareSite, type Site } from '../../../src/rack/simulated/site.ts';
import { eventually } from '../../faults/eventually.ts';
import { startManagers, testClusterApi } from '../cluster-api.ts';
import { Clusterctl } from '../clusterctl.ts';
import { endControlPlane, startControlPlane, testControlPlane } from '../control-plane.ts';
import { type ClusterShape, clusterManifests } from '../lifecycle/cluster-manifests.ts';
import { forgetNodes } from '../lifecycle/lifecycle-rig.ts';
import { OwnProvider } from '../own-provider.ts';
import { TestNamespace } from '../test-namespace.ts';
import { finishInit } from './inventory.ts';

/** Nobody may take the ports of DHCP, TFTP and syslog in a test. */
const services = 'provider,workflow,bmc';
const version = 'v1.35.0';

/** One of two management clusters, with the real Cluster API and this provider. */
export interface Side {
  readonly name: 'source' | 'target';
  readonly controlPlane: LocalControlPlane;
  readonly client: Client;
  readonly provider: OwnProvider;
}

/**
 * Two management clusters and one rack. Machines reach the services of the side that has their Hardware, as they would when
 * somebody moved the network boot along.
 */
export class MoveRig implements AsyncDisposable {
  readonly rack: SimulatedRack;
  readonly namespace: string;
  readonly source: Side;
  readonly target: Side;
  /** The side that has the cluster. */
  side: Side;
  readonly #clusterctl: Clusterctl;
  readonly #stack: AsyncDisposableStack;

  private constructor(
    fields: Pick<MoveRig, 'rack' | 'namespace' | 'source' | 'target'>,
    clusterctl: Clusterctl,
    stack: AsyncDisposableStack,
  ) {
    this.rack = fields.rack;
    this.namespace = fields.namespace;
    this.source = fields.source;
    this.target = fields.target;
    this.side = fields.source;
    this.#clusterctl = clusterctl;
    this.#stack = stack;
  }

  static async create(machines: number): Promise<MoveRig> {
    await using stack = new AsyncDisposableStack();
    const clusterApi = await testClusterApi(testControlPlane());
    const clusterctl = await Clusterctl.prepare(clusterApi);
    const versions = { clusterApi: clusterApi.version, ours: clusterctl.release.version };
    const own = stack.use(await TestNamespace.create('move'));
    const namespace = own.name;
    stack.defer(() => forgetNodes(own.client, namespace));
    const second = await startControlPlane();
    stack.defer(() => endControlPlane(second));
    const managers = stack.use(await startManagers(second, clusterApi));
    assert.equal(managers.processes.length, 3);
    const makeSide = async (name: Side['name'], controlPlane: LocalControlPlane): Promise<Side> => {
      const client = connect(loadKubeConfig({ path: controlPlane.kubeconfigFile }), { userAgent: 'capt-test' });
      stack.defer(() => client.close());
      const provider = stack.use(await OwnProvider.start(clusterctl, { services, namespace, controlPlane }));
      await finishInit(client, versions);
      return { name, controlPlane, client, provider };
    };
    const source = await makeSide('source', testControlPlane());
    const target = await makeSide('target', second);
    const directory = await mkdtemp(join(tmpdir(), 'capt-move-'));
    stack.defer(() => rm(directory, { recursive: true, force: true }));
    let rig: MoveRig | undefined;
    const now = () => rig?.side ?? source;
    const rack = stack.use(
      await SimulatedRack.start({
        machines,
        name: namespace,
        directory,
        agentApi: () => `127.0.0.1:${now().provider.agentPort}`,
        site: siteOf(() => new HardwareSite(now().client, namespace)),
        workload: new WorkloadCluster(source.client, { kubeletVersion: version }),
      }),
    );
    await rack.register(source.client, namespace);
    // As `capt hardware import` writes logins.
    for (const { name } of rack.machines) await labelForMove(source.client, namespace, name);
    rig = new MoveRig({ rack, namespace, source, target }, clusterctl, stack.move());
    return rig;
  }

  async createCluster(workers: number): Promise<void> {
    const { controlPlane, client } = this.source;
    const { hostname, port } = new URL(controlPlane.adminCredentials.server);
    const shape: ClusterShape = {
      namespace: this.namespace,
      name: 'c',
      version,
      kubeconfigFile: controlPlane.kubeconfigFile,
      endpoint: { host: hostname, port: Number(port) },
      workers,
    };
    for (const { resource, object } of await clusterManifests(shape)) await client.create(resource, object);
    // clusterctl takes Secrets for those of a cluster when one word follows its name.
    await labelForMove(client, this.namespace, 'c-apiserver-etcd-client');
  }

  /** `clusterctl move` to the other side. */
  async move(): Promise<void> {
    const to = this.side === this.source ? this.target : this.source;
    const kubeconfigs = [
      '--kubeconfig',
      this.side.controlPlane.kubeconfigFile,
      '--to-kubeconfig',
      to.controlPlane.kubeconfigFile,
    ];
    await this.#clusterctl.run(['move', '-n', this.namespace, ...kubeconfigs]);
    this.side = to;
  }

  async list<T extends KubeObject>(resource: Resource<T>, side: Side = this.side): Promise<T[]> {
    return (await side.client.list(resource, { namespace: this.namespace })).items;
  }

  async scale(replicas: number): Promise<void> {
    const name = { namespace: this.namespace, name: 'c-workers' };
    await this.side.client.mergePatch(MachineDeployment, name, { spec: { replicas } });
  }

  /** Waits until there are exactly so many Machines and all of them run. */
  async untilRunning(machines: number, timeoutSeconds: number): Promise<void> {
    await eventually(async () => {
      const found = await this.list(Machine);
      for (const { metadata, status } of found) {
        const about = `${metadata.name}: ${JSON.stringify(status?.conditions)}`;
        assert.equal(status?.phase, 'Running', about);
        assert.ok(status?.nodeRef?.name, about);
        assert.equal(getCondition(status?.conditions, 'Ready')?.status, 'True', about);
      }
      assert.equal(found.length, machines);
    }, timeoutSeconds);
  }

  /** What befell every machine of the rack so far: power, boots, installations. */
  histories(): Record<string, string[]> {
    return Object.fromEntries(this.rack.machines.map(({ name, history }) => [name, [...history]]));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack[Symbol.asyncDispose]();
  }
}

function siteOf(now: () => Site): Site {
  return {
    mayNetboot: (mac, signal) => now().mayNetboot(mac, signal),
    firstBoot: (mac, signal) => now().firstBoot(mac, signal),
  };
}

async function labelForMove(client: Client, namespace: string, name: string): Promise<void> {
  const labels = { 'clusterctl.cluster.x-k8s.io/move': 'true' };
  await client.mergePatch(Secret, { namespace, name }, { metadata: { labels } });
}
