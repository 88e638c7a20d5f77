import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Job } from '../../../src/api/bmc/v1alpha1/job.ts';
import { Machine as BmcMachine } from '../../../src/api/bmc/v1alpha1/machine.ts';
import { Task } from '../../../src/api/bmc/v1alpha1/task.ts';
import { Cluster } from '../../../src/api/capi/v1beta2/cluster.ts';
import { Machine } from '../../../src/api/capi/v1beta2/machine.ts';
import { MachineDeployment } from '../../../src/api/capi/v1beta2/machine-deployment.ts';
import { ConfigMap } from '../../../src/api/core/config-map.ts';
import { Namespace } from '../../../src/api/core/namespace.ts';
import { Node } from '../../../src/api/core/node.ts';
import { Pod } from '../../../src/api/core/pod.ts';
import { TinkerbellCluster } from '../../../src/api/infrastructure/v1beta1/tinkerbell-cluster.ts';
import { TinkerbellMachine } from '../../../src/api/infrastructure/v1beta1/tinkerbell-machine.ts';
import { kinds } from '../../../src/api/kinds.ts';
import type { KubeObject } from '../../../src/api/meta/object.ts';
import type { Resource } from '../../../src/api/meta/resource.ts';
import { Hardware } from '../../../src/api/tinkerbell/v1alpha1/hardware.ts';
import { Template } from '../../../src/api/tinkerbell/v1alpha1/template.ts';
import { Workflow } from '../../../src/api/tinkerbell/v1alpha1/workflow.ts';
import { installCrds } from '../../../src/bootstrap/install/crds.ts';
import type { Client } from '../../../src/kube/client/client.ts';
import { isReason } from '../../../src/kube/client/errors.ts';
import { getCondition } from '../../../src/kube/objects/conditions.ts';
import type { SimulatedMachine } from '../../../src/rack/simulated/machine.ts';
import { WorkloadCluster } from '../../../src/rack/simulated/os/workload-cluster.ts';
import { SimulatedRack, type SimulatedRackOptions } from '../../../src/rack/simulated/rack.ts';
import { HardwareSite } from '../../../src/rack/simulated/site.ts';
import { eventually } from '../../faults/eventually.ts';
import { testClusterApi } from '../cluster-api.ts';
import { testControlPlane } from '../control-plane.ts';
import { TestNamespace } from '../test-namespace.ts';
import { KubeadmConfig, KubeadmControlPlane } from './capi-kinds.ts';
import { type ClusterShape, clusterManifests, type Manifest } from './cluster-manifests.ts';
import { type InProcessServices, type ServiceTimes, startServices } from './services.ts';

export interface LifecycleOptions extends Pick<SimulatedRackOptions, 'machines' | 'faults' | 'seed' | 'times'> {
  workers: number;
  /** Where somebody else serves agents. Default: the services of `startServices`. */
  agentPort?: number;
  /** Of the API server that has the rack's objects, where it is another than Cluster API's; the rig closes it. */
  tinkerbell?: Client;
}

/** Everything that our services or Cluster API's write. */
const watched: Resource<KubeObject>[] = [
  ...[TinkerbellCluster, TinkerbellMachine, Hardware, Workflow, Template, Job, Task, BmcMachine],
  ...[Cluster, Machine, MachineDeployment, KubeadmControlPlane, KubeadmConfig],
];

const tinkerbellGroups = [Hardware.group, Job.group];
const ownerNameLabel = 'v1alpha1.tinkerbell.org/ownerName';

/**
 * A cluster on the real Cluster API, on a simulated rack, with our services between them. The workload API server is the
 * management one: nodes of the rack are told apart by the namespace in their names.
 */
export class LifecycleRig implements AsyncDisposable {
  readonly rack: SimulatedRack;
  readonly shape: ClusterShape;
  readonly #own: TestNamespace;
  readonly #tinkerbell: Client;
  readonly #stack: AsyncDisposableStack;
  #services: InProcessServices | undefined;

  private constructor(
    { own, tinkerbell, rack }: { own: TestNamespace; tinkerbell: Client; rack: SimulatedRack },
    shape: ClusterShape,
    stack: AsyncDisposableStack,
  ) {
    this.#own = own;
    this.#tinkerbell = tinkerbell;
    this.rack = rack;
    this.shape = shape;
    this.#stack = stack;
  }

  /** A namespace with the rack's machines written down in it, all off. */
  static async create(prefix: string, options: LifecycleOptions): Promise<LifecycleRig> {
    const controlPlane = testControlPlane();
    await testClusterApi(controlPlane);
    await using stack = new AsyncDisposableStack();
    const own = stack.use(await TestNamespace.create(prefix));
    const { client, name: namespace } = own;
    await installCrds(client, kinds);
    const directory = await mkdtemp(join(tmpdir(), 'capt-rack-'));
    stack.defer(() => rm(directory, { recursive: true, force: true }));
    const version = 'v1.35.0';
    let rig: LifecycleRig | undefined;
    stack.defer(() => forgetNodes(client, namespace));
    const { machines, workers, agentPort, tinkerbell = client, ...rest } = options;
    if (tinkerbell !== client) {
      stack.defer(() => tinkerbell.close());
      await tinkerbell.create(Namespace, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    }
    const rack = stack.use(
      await SimulatedRack.start({
        ...rest,
        machines,
        name: namespace,
        directory,
        agentApi: () => `127.0.0.1:${agentPort ?? rig?.agentPort ?? 0}`,
        site: new HardwareSite(tinkerbell, namespace),
        workload: new WorkloadCluster(client, { kubeletVersion: version }),
      }),
    );
    await rack.register(tinkerbell, namespace);
    const { hostname, port } = new URL(controlPlane.adminCredentials.server);
    const shape: ClusterShape = {
      namespace,
      name: 'c',
      version,
      kubeconfigFile: controlPlane.kubeconfigFile,
      endpoint: { host: hostname, port: Number(port) },
      workers,
    };
    rig = new LifecycleRig({ own, tinkerbell, rack }, shape, stack.move());
    return rig;
  }

  get client(): Client {
    return this.#own.client;
  }

  get namespace(): string {
    return this.#own.name;
  }

  /** Of the API server that has objects of this kind. */
  #clientOf({ group }: Resource): Client {
    return tinkerbellGroups.includes(group) ? this.#tinkerbell : this.client;
  }

  get agentPort(): number | undefined {
    return this.#services?.agentPort;
  }

  /** Runs provider, workflow and bmc in this process. */
  async startServices(times: ServiceTimes = {}): Promise<void> {
    this.#services = await startServices(this.client, this.namespace, times);
  }

  async stopServices(): Promise<void> {
    await this.#services?.stop();
    this.#services = undefined;
  }

  async createCluster(change: Partial<ClusterShape> = {}): Promise<void> {
    Object.assign(this.shape, change);
    for (const manifest of await clusterManifests(this.shape)) await this.apply(manifest);
  }

  async apply({ resource, object }: Manifest): Promise<void> {
    await this.#clientOf(resource).create(resource, object);
  }

  get<T extends KubeObject>(resource: Resource<T>, name: string): Promise<T> {
    return this.#clientOf(resource).get(resource, { namespace: this.namespace, name });
  }

  find<T extends KubeObject>(resource: Resource<T>, name: string): Promise<T | undefined> {
    return this.#clientOf(resource).find(resource, { namespace: this.namespace, name });
  }

  async list<T extends KubeObject>(resource: Resource<T>, labelSelector?: string): Promise<T[]> {
    const selection = { namespace: this.namespace, ...(labelSelector === undefined ? {} : { labelSelector }) };
    return (await this.#clientOf(resource).list(resource, selection)).items;
  }

  patch<T extends KubeObject>(resource: Resource<T>, name: string, patch: object): Promise<T> {
    return this.#clientOf(resource).mergePatch(resource, { namespace: this.namespace, name }, patch);
  }

  async delete(resource: Resource, name: string): Promise<void> {
    await this.#clientOf(resource).delete(resource, { namespace: this.namespace, name });
  }

  /** Machines of the workers. */
  workers(): Promise<Machine[]> {
    return this.list(Machine, `cluster.x-k8s.io/deployment-name=${this.shape.name}-workers`);
  }

  async scale(replicas: number): Promise<void> {
    await this.patch(MachineDeployment, `${this.shape.name}-workers`, { spec: { replicas } });
  }

  /** There are exactly so many Machines and all of them run, each on a host of its own. */
  async assertRunning(machines: number): Promise<void> {
    const found = await this.list(Machine);
    const nodes = new Map((await this.client.list(Node)).items.map(({ metadata, spec }) => [metadata.name, spec]));
    for (const { metadata, spec, status } of found) {
      const about = `${metadata.name}: ${JSON.stringify(status)}`;
      assert.equal(status?.phase, 'Running', about);
      assert.ok(status?.nodeRef?.name, about);
      assert.equal(getCondition(status?.conditions, 'Ready')?.status, 'True', about);
      assert.equal(nodes.get(status.nodeRef.name)?.providerID, spec?.providerID, about);
    }
    assert.equal(found.length, machines);
    assert.equal(new Set(found.map(({ spec }) => spec?.providerID)).size, machines, 'a host has two Machines');
  }

  async untilRunning(machines: number, timeoutSeconds = 120): Promise<void> {
    await eventually(async () => {
      // Looking at many costs what they need themselves.
      await delay(machines * 10);
      await this.assertRunning(machines);
    }, timeoutSeconds);
  }

  /** Waits for a worker's Machine of which `is` is true. */
  async anyWorker(is: (machine: Machine) => boolean): Promise<Machine> {
    let found: Machine | undefined;
    await eventually(async () => {
      found = (await this.workers()).find(is);
      assert.ok(found);
    });
    return found as unknown as Machine;
  }

  /** The machine of the rack that a Machine runs on, by its provider ID. */
  hostOf({ spec }: Machine): SimulatedMachine {
    return this.rack.machine(spec?.providerID?.split('/').at(-1) ?? '');
  }

  /** Changes whenever a machine of the rack or its owner does something. */
  async movement(): Promise<string> {
    const machines = (await this.list(TinkerbellMachine)).map(({ metadata }) => metadata.resourceVersion);
    const events = this.rack.machines.map(({ history }) => history.length);
    return [...machines, ...events].join(' ');
  }

  /** What happened to the machines of the rack. */
  histories(): string {
    return this.rack.machines.map(({ name, history }) => [name, ...history.slice(-40)].join('\n  ')).join('\n');
  }

  /** Exactly so many hosts are free, and all of these are clean. */
  async assertCleanHosts(count: number): Promise<void> {
    const { free } = await this.hosts();
    for (const hardware of free) await this.assertClean(hardware);
    assert.equal(free.length, count);
  }

  async untilClean(count: number): Promise<void> {
    await eventually(() => this.assertCleanHosts(count), 60);
  }

  /** Waits until every BMC has been reached, and nothing is written of hosts any more. */
  async untilHostsKnown(timeoutSeconds: number): Promise<void> {
    await eventually(async () => {
      await delay(2_000);
      const unknown = (await this.list(BmcMachine)).filter(
        ({ status }) => !status?.conditions?.some(({ type, status }) => type === 'Contactable' && status === 'True'),
      );
      assert.equal(unknown.length, 0, 'BMCs that were not reached');
    }, timeoutSeconds);
    await this.untilIdle(5, timeoutSeconds);
  }

  /** Waits until no object of the cluster has been written for so long. */
  async untilIdle(seconds: number, timeoutSeconds: number): Promise<void> {
    await eventually(async () => {
      const before = await this.#versions();
      await delay(seconds * 1000);
      assert.deepEqual(await this.#versions(), before);
    }, timeoutSeconds);
  }

  async #versions(): Promise<string[]> {
    const objects = (await Promise.all(watched.map((resource) => this.list(resource)))).flat();
    return objects.map(({ kind, metadata }) => `${kind} ${metadata.name} ${metadata.resourceVersion}`);
  }

  /** Hardware by whether a machine holds it. */
  async hosts(): Promise<{ owned: Hardware[]; free: Hardware[] }> {
    const all = await this.list(Hardware);
    const isOwned = ({ metadata }: Hardware) => metadata.labels?.[ownerNameLabel] !== undefined;
    return { owned: all.filter(isOwned), free: all.filter((hardware) => !isOwned(hardware)) };
  }

  /** What must hold of a host that nobody has: off, without owner and data, nothing on its disk. */
  async assertClean({ metadata, spec }: Hardware): Promise<void> {
    const { name = '', labels, annotations, finalizers } = metadata;
    assert.deepEqual(labels ?? {}, {}, name);
    assert.equal(annotations?.['v1alpha1.tinkerbell.org/provisioned'], undefined, name);
    assert.deepEqual(finalizers ?? [], [], name);
    assert.equal(spec?.userData, undefined, name);
    assert.deepEqual(
      spec?.interfaces?.map(({ netboot }) => netboot?.allowPXE),
      [false],
      name,
    );
    const machine = this.rack.machine(name);
    assert.equal(machine.chassis.actualPowerState, 'off', `${name} is on:\n${machine.history.join('\n')}`);
    assert.equal(await machine.disk.read(), undefined, `${name} is not wiped:\n${machine.history.join('\n')}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stopServices();
    await this.#stack[Symbol.asyncDispose]();
  }
}

/** Takes the nodes of a rack, and what its control plane left, out of the workload cluster: that outlives the namespace. */
export async function forgetNodes(client: Client, prefix: string): Promise<void> {
  const remove = async (resource: Resource, name: { namespace?: string; name: string }) => {
    const options = { gracePeriodSeconds: 0 };
    await client.delete(resource, name as { name: string }, options).catch((error) => {
      if (!isReason(error, 'NotFound')) throw error;
    });
  };
  const isOurs = ({ metadata }: KubeObject) => metadata.name?.includes(prefix) ?? false;
  for (const { metadata } of (await client.list(Node)).items.filter(isOurs)) {
    await remove(Node, { name: metadata.name ?? '' });
  }
  const namespace = 'kube-system';
  for (const { metadata } of (await client.list(Pod, { namespace })).items.filter(isOurs)) {
    await remove(Pod, { namespace, name: metadata.name ?? '' });
  }
  await remove(ConfigMap, { namespace, name: 'kubeadm-config' });
}
