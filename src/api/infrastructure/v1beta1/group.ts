import { infrastructureLabels } from '../../meta/crd-labels.ts';

/** What all kinds of `infrastructure.cluster.x-k8s.io/v1beta1` share. */
export const infrastructureGroup = {
  group: 'infrastructure.cluster.x-k8s.io',
  version: 'v1beta1',
  categories: ['cluster-api'],
  labels: infrastructureLabels,
} as const;
