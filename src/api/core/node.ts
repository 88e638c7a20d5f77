import type { KubeObject } from '../meta/object.ts';
import type { Resource } from '../meta/resource.ts';

/** Keeps pods off a node unless they tolerate it. */
export interface Taint {
  key: string;
  value?: string;
  effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
  timeAdded?: string;
}

/** One condition of a node; unlike metav1 conditions it carries a heartbeat. */
export interface NodeCondition {
  /** `Ready`, `MemoryPressure`, `DiskPressure`, `PIDPressure`, `NetworkUnavailable` or one of an add-on. */
  type: string;
  status: 'True' | 'False' | 'Unknown';
  lastHeartbeatTime?: string | null;
  lastTransitionTime?: string | null;
  reason?: string;
  message?: string;
}

/** What a kubelet tells about the machine it runs on. */
export interface NodeSystemInfo {
  machineID: string;
  systemUUID: string;
  bootID: string;
  kernelVersion: string;
  osImage: string;
  containerRuntimeVersion: string;
  kubeletVersion: string;
  operatingSystem: string;
  architecture: string;
}

/** A machine that joined a cluster. */
export interface Node extends KubeObject {
  spec?: {
    /** Ties the node to its Machine: `tinkerbell://<namespace>/<hardware>` here. Set once, by the kubelet. */
    providerID?: string;
    podCIDR?: string;
    podCIDRs?: string[];
    taints?: Taint[];
    unschedulable?: boolean;
  };
  status?: {
    addresses?: { type: string; address: string }[];
    /** Quantities by resource name. */
    capacity?: Record<string, string>;
    /** Capacity less what the system keeps for itself. */
    allocatable?: Record<string, string>;
    conditions?: NodeCondition[];
    nodeInfo?: NodeSystemInfo;
  };
}

export const Node: Resource<Node> = {
  group: '',
  version: 'v1',
  kind: 'Node',
  plural: 'nodes',
  namespaced: false,
};
