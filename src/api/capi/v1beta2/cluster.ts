import type { Condition } from '../../meta/condition.ts';
import type { KubeObject } from '../../meta/object.ts';
import type { Resource } from '../../meta/resource.ts';
import type { ContractReference, ControlPlaneEndpoint } from './references.ts';

/** The root of a workload cluster, owned by Cluster API core. Only the fields a provider reads. */
export interface Cluster extends KubeObject {
  spec?: {
    /** Stops every controller from acting on the objects of this cluster. */
    paused?: boolean;
    clusterNetwork?: {
      /** Port the API servers listen on; 6443 when absent. */
      apiServerPort?: number;
      pods?: { cidrBlocks?: string[] };
      services?: { cidrBlocks?: string[] };
      serviceDomain?: string;
    };
    controlPlaneEndpoint?: ControlPlaneEndpoint;
    controlPlaneRef?: ContractReference;
    infrastructureRef?: ContractReference;
    /** Present when a ClusterClass manages the cluster. */
    topology?: { classRef?: { name: string; namespace?: string }; version?: string };
  };
  status?: {
    initialization?: {
      /** The infrastructure cluster is ready; never goes back. */
      infrastructureProvisioned?: boolean;
      /** The first API server answered; never goes back. */
      controlPlaneInitialized?: boolean;
    };
    phase?: string;
    conditions?: Condition[];
    failureDomains?: { name: string; controlPlane?: boolean; attributes?: Record<string, string> }[];
    observedGeneration?: number;
  };
}

export const Cluster: Resource<Cluster> = {
  group: 'cluster.x-k8s.io',
  version: 'v1beta2',
  kind: 'Cluster',
  plural: 'clusters',
  namespaced: true,
};
