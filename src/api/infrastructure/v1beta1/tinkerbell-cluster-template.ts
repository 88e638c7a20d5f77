import { defineKind, type ObjectOf } from '../../meta/kind.ts';
import { object, required } from '../../schema/object.ts';
import { infrastructureGroup } from './group.ts';
import { templateMetadata } from './template-metadata.ts';
import { tinkerbellClusterSpec } from './tinkerbell-cluster-spec.ts';

/** From which a ClusterClass makes a TinkerbellCluster. */
export const TinkerbellClusterTemplate = defineKind({
  ...infrastructureGroup,
  kind: 'TinkerbellClusterTemplate',
  plural: 'tinkerbellclustertemplates',
  description: 'From which a ClusterClass makes TinkerbellClusters. Replace it instead of changing it.',
  spec: object(
    'The template.',
    {
      template: required(
        object('The TinkerbellCluster to make.', {
          metadata: templateMetadata,
          spec: required(tinkerbellClusterSpec),
        }),
      ),
    },
    { writer: 'user' },
  ),
});

export type TinkerbellClusterTemplate = ObjectOf<typeof TinkerbellClusterTemplate>;
