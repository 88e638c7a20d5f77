import type * as z from 'zod';
import { conditions } from '../../meta/condition.ts';
import { defineKind, type ObjectOf } from '../../meta/kind.ts';
import { list } from '../../schema/collection.ts';
import { object, required } from '../../schema/object.ts';
import { flag, integer, text } from '../../schema/scalar.ts';
import { ageColumn, clusterColumn, readyColumn, reasonColumn } from './columns.ts';
import { infrastructureGroup } from './group.ts';
import { initialization } from './initialization.ts';
import { tinkerbellMachineSpec } from './tinkerbell-machine-spec.ts';

const address = object('One address.', {
  type: required(text('`Hostname`, `InternalIP`, `ExternalIP`, `InternalDNS` or `ExternalDNS`.')),
  address: required(text('The address or name.')),
});

const status = object(
  'What became of it.',
  {
    ready: flag('The machine is up; for cores before contract v1beta2.'),
    initialization: initialization('The machine is installed; never taken back.'),
    addresses: list('How the machine is reached.', address),
    failureDomain: text('Part of the plant the machine stands in.', { minLength: 1, maxLength: 256 }),
    targetNamespace: text('Namespace of the Hardware.'),
    instanceStatus: integer('Kept for compatibility.', { writer: 'nobody' }),
    errorReason: text('Deprecated, see `conditions`. Why the machine can never come up, as one word.'),
    errorMessage: text('Deprecated, see `conditions`. Why the machine can never come up, for people.'),
    conditions: conditions('Aspects of the state; `Ready` sums them up.'),
  },
  { writer: 'machine controller' },
);

export type TinkerbellMachineStatus = z.infer<typeof status>;

/** The bare-metal side of a Machine: a claim on Hardware and what was installed there. */
export const TinkerbellMachine = defineKind({
  ...infrastructureGroup,
  kind: 'TinkerbellMachine',
  plural: 'tinkerbellmachines',
  description: 'The bare-metal side of a Machine: which Hardware it is and how far its installation is.',
  columns: [
    clusterColumn,
    { name: 'State', type: 'string', jsonPath: '.status.instanceState' },
    readyColumn,
    { name: 'InstanceID', type: 'string', jsonPath: '.spec.providerID' },
    { name: 'Machine', type: 'string', jsonPath: '.metadata.ownerReferences[?(@.kind=="Machine")].name' },
    reasonColumn,
    ageColumn,
    { name: 'Hardware', type: 'string', jsonPath: '.spec.hardwareName', priority: 1 },
    {
      name: 'Address',
      type: 'string',
      jsonPath: '.status.addresses[?(@.type=="InternalIP")].address',
      priority: 1,
    },
  ],
  spec: tinkerbellMachineSpec,
  status,
});

export type TinkerbellMachine = ObjectOf<typeof TinkerbellMachine>;
