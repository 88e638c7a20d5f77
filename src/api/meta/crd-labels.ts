/** Makes `clusterctl move` take objects along although no chain of owners leads to them. */
export const moveLabels = {
  'clusterctl.cluster.x-k8s.io': '',
  'clusterctl.cluster.x-k8s.io/move': '',
} as const;

/**
 * On every infrastructure CRD: that `clusterctl move` looks at the kind, which of our versions serves which Cluster API
 * contract, and that the CRD belongs to this provider. Cluster API core finds the version of a referenced object by the contract labels.
 */
export const infrastructureLabels = {
  'clusterctl.cluster.x-k8s.io': '',
  'cluster.x-k8s.io/provider': 'infrastructure-tinkerbell',
  'cluster.x-k8s.io/v1beta1': 'v1beta1',
  'cluster.x-k8s.io/v1beta2': 'v1beta1',
} as const;
