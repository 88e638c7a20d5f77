import type { CustomResourceDefinition } from '../apiextensions/custom-resource-definition.ts';
import type { Kind } from '../meta/kind.ts';
import { structuralSchema } from '../meta/object-schema.ts';
import { resourceName } from '../meta/resource.ts';

/**
 * Tells `clusterctl init` that Cluster API refers to no such object: else it insists on the plural it would guess, and
 * Hardware has none.
 */
const notReferenced = { 'clusterctl.cluster.x-k8s.io/skip-crd-name-preflight-check': '' };

/** The CRD of a kind, as it is installed. */
export function crdOf(kind: Kind): CustomResourceDefinition {
  const { group, version, plural, singular, listKind, shortNames, categories, labels, columns } = kind;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: resourceName(kind),
      ...(group.endsWith('.cluster.x-k8s.io') ? {} : { annotations: { ...notReferenced } }),
      ...(Object.keys(labels).length === 0 ? {} : { labels: { ...labels } }),
    },
    spec: {
      group,
      scope: kind.namespaced ? 'Namespaced' : 'Cluster',
      names: {
        kind: kind.kind,
        listKind,
        plural,
        singular,
        ...(shortNames.length === 0 ? {} : { shortNames: [...shortNames] }),
        ...(categories.length === 0 ? {} : { categories: [...categories] }),
      },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          schema: { openAPIV3Schema: structuralSchema(kind) },
          ...(kind.status === undefined ? {} : { subresources: { status: {} } }),
          ...(columns.length === 0 ? {} : { additionalPrinterColumns: columns.map((column) => ({ ...column })) }),
        },
      ],
    },
  };
}
