import { ConfigMap } from '../../../api/core/config-map.ts';
import { Node, type NodeCondition, type NodeSystemInfo } from '../../../api/core/node.ts';
import { Pod } from '../../../api/core/pod.ts';
import type { KubeObject, ObjectName } from '../../../api/meta/object.ts';
import type { Resource } from '../../../api/meta/resource.ts';
import type { Client } from '../../../kube/client/client.ts';
import { isReason } from '../../../kube/client/errors.ts';
import type { Instance } from './instance.ts';

export interface WorkloadClusterOptions {
  /** What every kubelet says it is. */
  kubeletVersion: string;
  /** Wall clock in milliseconds. */
  now?: () => number;
}

/** One machine as it shows itself to the cluster it joins. */
export interface JoiningNode extends Instance {
  /** Image it was installed from. */
  osImage: string;
  /** Another one after every boot. */
  bootID: string;
  systemUUID: string;
}

const pressures = ['MemoryPressure', 'DiskPressure', 'PIDPressure'];
const kubeSystem = 'kube-system';
const staticPods = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'];

/**
 * The cluster that simulated machines join, through its API server: their kubelets, what kubeadm leaves there, and in
 * place of the node lifecycle controller the verdict on nodes that fell silent. It may be the API server that manages them.
 */
export class WorkloadCluster {
  readonly #client: Client;
  readonly #options: Required<WorkloadClusterOptions>;

  constructor(client: Client, options: WorkloadClusterOptions) {
    this.#client = client;
    this.#options = { now: Date.now, ...options };
  }

  /** Registers the node, or finds it there after a restart, and reports it as ready. */
  async join(node: JoiningNode, signal: AbortSignal): Promise<void> {
    // A kubelet runs static pods before it has an API server to register with.
    if (node.isControlPlane) await this.#controlPlane(node, signal);
    const name = node.nodeName;
    const { providerID, taints, labels } = node;
    await this.#ensure(
      Node,
      {
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name, labels: { 'kubernetes.io/hostname': name, ...labels } },
        spec: { taints, ...(providerID === undefined ? {} : { providerID }) },
      },
      signal,
    );
    const status = {
      addresses: node.addresses,
      conditions: [
        this.#condition('Ready', 'True', 'KubeletReady'),
        ...pressures.map((type) => this.#condition(type, 'False', `KubeletHasNo${type}`)),
      ],
      nodeInfo: this.#systemInfo(node),
    };
    await this.#client.mergePatch(Node, { name }, { status }, { subresource: 'status', signal });
  }

  /** What the cluster makes of a node that it has not heard of for a while; nothing when it is gone. */
  async silent(name: string, signal?: AbortSignal): Promise<void> {
    const conditions = ['Ready', ...pressures].map((type) => this.#condition(type, 'Unknown', 'NodeStatusUnknown'));
    const status = { conditions };
    const options = { subresource: 'status' as const, ...(signal === undefined ? {} : { signal }) };
    await this.#client.mergePatch(Node, { name }, { status }, options).catch((error) => {
      if (!isReason(error, 'NotFound')) throw error;
    });
  }

  /** What kubeadm leaves behind on a control plane, as far as its control plane provider looks at it. */
  async #controlPlane({ nodeName, clusterConfiguration }: JoiningNode, signal: AbortSignal): Promise<void> {
    for (const program of staticPods) {
      const metadata = { namespace: kubeSystem, name: `${program}-${nodeName}` };
      await this.#ensure(
        Pod,
        {
          apiVersion: 'v1',
          kind: 'Pod',
          // As the mirror of a static pod it is admitted without a service account.
          metadata: {
            ...metadata,
            labels: { component: program, tier: 'control-plane' },
            annotations: { 'kubernetes.io/config.mirror': 'simulated' },
          },
          spec: { nodeName, hostNetwork: true, containers: [{ name: program, image: `registry.k8s.io/${program}` }] },
        },
        signal,
      );
      const types = ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'];
      const conditions = types.map((type) => ({ type, status: 'True' as const }));
      const status = { phase: 'Running', conditions };
      await this.#client.mergePatch(Pod, metadata, { status }, { subresource: 'status', signal });
    }
    await this.#ensure(
      ConfigMap,
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { namespace: kubeSystem, name: 'kubeadm-config' },
        data: { ClusterConfiguration: clusterConfiguration ?? '' },
      },
      signal,
    );
  }

  async #ensure<T extends KubeObject>(resource: Resource<T>, object: T, signal: AbortSignal): Promise<void> {
    await this.#client.create(resource, object as T & { metadata: ObjectName }, { signal }).catch((error) => {
      if (!isReason(error, 'AlreadyExists')) throw error;
    });
  }

  #condition(type: string, status: NodeCondition['status'], reason: string): NodeCondition {
    const at = new Date(this.#options.now()).toISOString();
    return { type, status, reason, message: '', lastHeartbeatTime: at, lastTransitionTime: at };
  }

  #systemInfo({ osImage, bootID, systemUUID }: JoiningNode): NodeSystemInfo {
    return {
      machineID: systemUUID.replaceAll('-', ''),
      systemUUID,
      bootID,
      kernelVersion: 'simulated',
      osImage,
      containerRuntimeVersion: 'simulated://1',
      kubeletVersion: this.#options.kubeletVersion,
      operatingSystem: 'linux',
      architecture: 'amd64',
    };
  }
}
