import type { CustomResourceDefinition } from '../apiextensions/custom-resource-definition.ts';
import type { Kind } from '../meta/kind.ts';
import { structuralSchema } from '../meta/object-schema.ts';
import { resourceName } from '../meta/resource.ts';

/** The CRD of a kind, as it is installed. */
export function crdOf(kind: Kind): CustomResourceDefinition {
  const { group, version, plural, singular, listKind, shortNames, categories, labels, columns } = kind;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: resourceName(kind),
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
