import type * as z from 'zod';
import { defineKind, type ObjectOf } from '../../meta/kind.ts';
import { map } from '../../schema/collection.ts';
import { object, required } from '../../schema/object.ts';
import { choice, quantity, text } from '../../schema/scalar.ts';
import { infrastructureGroup } from './group.ts';
import { templateMetadata } from './template-metadata.ts';
import { tinkerbellMachineSpec } from './tinkerbell-machine-spec.ts';

const status = object(
  'What a machine of this template offers; the cluster autoscaler reads it to start from no machine at all.',
  {
    capacity: map('Sizes by resource name, such as `cpu` and `memory`.', quantity('A Kubernetes quantity.')),
    nodeInfo: object(
      'What the node will run on.',
      {
        architecture: choice('Architecture of the processor.', ['amd64', 'arm64', 's390x', 'ppc64le']),
        operatingSystem: text('Operating system, `linux`.', { minLength: 1 }),
      },
      { minProperties: 1, countFix: 'set architecture or operatingSystem, or leave nodeInfo out' },
    ),
  },
  { writer: 'machine template controller' },
);

export type TinkerbellMachineTemplateStatus = z.infer<typeof status>;

/** From which Cluster API core makes TinkerbellMachines. */
export const TinkerbellMachineTemplate = defineKind({
  ...infrastructureGroup,
  kind: 'TinkerbellMachineTemplate',
  plural: 'tinkerbellmachinetemplates',
  description:
    'From which Cluster API makes TinkerbellMachines. Replace it instead of changing it: machines that exist do not follow.',
  spec: object(
    'The template.',
    {
      template: required(
        object('The TinkerbellMachine to make.', {
          metadata: templateMetadata,
          spec: required(tinkerbellMachineSpec),
        }),
      ),
    },
    { writer: 'user' },
  ),
  status,
});

export type TinkerbellMachineTemplate = ObjectOf<typeof TinkerbellMachineTemplate>;
