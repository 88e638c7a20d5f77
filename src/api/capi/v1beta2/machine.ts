import type { Condition } from '../../meta/condition.ts';
import type { KubeObject } from '../../meta/object.ts';
import type { Resource } from '../../meta/resource.ts';
import type { ContractReference } from './references.ts';

/** Everything about a machine that a user or a controller above asks for. */
export interface MachineSpec {
  clusterName: string;
  bootstrap: {
    configRef?: ContractReference;
    /** Secret with the user-data, in the machine's namespace; absent until the bootstrap provider is done. */
    dataSecretName?: string;
  };
  infrastructureRef: ContractReference;
  /** Kubernetes version with the leading `v`; optional. */
  version?: string;
  /** Copied here from the infrastructure machine; equals the Node's. */
  providerID?: string;
  /** Where to place it. */
  failureDomain?: string;
  minReadySeconds?: number;
  deletion?: {
    nodeDrainTimeoutSeconds?: number;
    nodeVolumeDetachTimeoutSeconds?: number;
    nodeDeletionTimeoutSeconds?: number;
  };
}

/** One machine of a workload cluster, owned by Cluster API core. Only the fields a provider reads. */
export interface Machine extends KubeObject {
  spec?: MachineSpec;
  status?: {
    initialization?: { infrastructureProvisioned?: boolean; bootstrapDataSecretCreated?: boolean };
    nodeRef?: { name: string };
    phase?: string;
    addresses?: { type: string; address: string }[];
    failureDomain?: string;
    conditions?: Condition[];
    observedGeneration?: number;
  };
}

export const Machine: Resource<Machine> = {
  group: 'cluster.x-k8s.io',
  version: 'v1beta2',
  kind: 'Machine',
  plural: 'machines',
  namespaced: true,
};
