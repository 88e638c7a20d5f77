import type * as z from 'zod';
import { conditions } from '../../meta/condition.ts';
import { defineKind, type ObjectOf } from '../../meta/kind.ts';
import { list, map } from '../../schema/collection.ts';
import { object, required } from '../../schema/object.ts';
import { flag, text } from '../../schema/scalar.ts';
import { ageColumn, clusterColumn, readyColumn, reasonColumn } from './columns.ts';
import { infrastructureGroup } from './group.ts';
import { initialization } from './initialization.ts';
import { type TinkerbellClusterSpec, tinkerbellClusterSpec } from './tinkerbell-cluster-spec.ts';

const failureDomain = object('One part of the plant that fails as a whole, such as a rack.', {
  name: required(text('Name of the part.', { minLength: 1, maxLength: 256 })),
  controlPlane: flag('Control plane machines may stand there.'),
  attributes: map('Free notes.', text('A value.')),
});

const status = object(
  'What was made of it.',
  {
    ready: flag('The cluster is ready for machines; for cores before contract v1beta2.'),
    initialization: initialization('The cluster is ready for machines; never taken back.'),
    failureDomains: list('Parts of the plant that machines can be spread over.', failureDomain, {
      merge: { keys: ['name'] },
    }),
    conditions: conditions('Aspects of the state; `Ready` sums them up.'),
  },
  { writer: 'cluster controller' },
);

export type TinkerbellClusterStatus = z.infer<typeof status>;

const ubuntu = { distro: 'ubuntu', version: '20.04' };

/** The original sets these by its webhook, since one hangs on the other. */
function completeDefaults(spec: TinkerbellClusterSpec): void {
  spec.imageLookupFormat ||= '{{.BaseRegistry}}/{{.OSDistro}}-{{.OSVersion}}:{{.KubernetesVersion}}.gz';
  if (spec.imageLookupOSDistro?.toLowerCase() === ubuntu.distro) spec.imageLookupOSVersion ||= ubuntu.version;
}

/** The bare-metal side of a Cluster. */
export const TinkerbellCluster = defineKind({
  ...infrastructureGroup,
  kind: 'TinkerbellCluster',
  plural: 'tinkerbellclusters',
  description: 'The bare-metal side of a Cluster: its endpoint and what its machines run.',
  columns: [
    clusterColumn,
    readyColumn,
    reasonColumn,
    { name: 'Endpoint', type: 'string', jsonPath: '.spec.controlPlaneEndpoint.host', priority: 1 },
    ageColumn,
  ],
  spec: tinkerbellClusterSpec,
  status,
  completeDefaults(object) {
    if (object.spec !== undefined) completeDefaults(object.spec);
  },
});

export type TinkerbellCluster = ObjectOf<typeof TinkerbellCluster>;
