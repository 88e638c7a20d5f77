import type { Taint } from '../../../api/core/node.ts';

/** What a node has to know to join, as its bootstrap data tell it. */
export interface Instance {
  nodeName: string;
  /** As the kubelet reports them. */
  addresses: { type: string; address: string }[];
  /** `--provider-id` of the kubelet; without one the node joins and Cluster API does not find it. */
  providerID?: string;
  isControlPlane: boolean;
  taints: Taint[];
  labels: Record<string, string>;
  /** `ClusterConfiguration` of kubeadm (YAML), which the first control plane node leaves in the cluster. */
  clusterConfiguration?: string;
}
