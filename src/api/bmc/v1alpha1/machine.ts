import { moveLabels } from '../../meta/crd-labels.ts';
import { defineKind, type ObjectOf } from '../../meta/kind.ts';
import { list } from '../../schema/collection.ts';
import { object, required } from '../../schema/object.ts';
import { choice, text, time } from '../../schema/scalar.ts';
import { connection } from './connection.ts';
import { bmcGroup } from './group.ts';

const status = object(
  'What was last seen of the BMC.',
  {
    powerState: choice('Power of the machine; `unknown` when the BMC did not tell.', ['on', 'off', 'unknown']),
    conditions: list(
      'Aspects of the state; the only type is `Contactable`.',
      object('One aspect of the state.', {
        type: required(text('`Contactable`: whether the BMC answers and accepts the login.')),
        status: required(text('`True` or `False`.')),
        lastUpdateTime: time('When `status` last changed.'),
        message: text('What stood in the way.'),
      }),
    ),
  },
  { writer: 'bmc machine controller' },
);

/** A BMC: how to reach it, and whether its machine has power. */
export const Machine = defineKind({
  ...bmcGroup,
  kind: 'Machine',
  plural: 'machines',
  labels: moveLabels,
  description: 'A baseboard management controller (BMC): how to reach it and what it says of its machine.',
  columns: [
    { name: 'Host', type: 'string', jsonPath: '.spec.connection.host' },
    { name: 'Power', type: 'string', jsonPath: '.status.powerState' },
    { name: 'Contactable', type: 'string', jsonPath: '.status.conditions[?(@.type=="Contactable")].status' },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
    {
      name: 'Message',
      type: 'string',
      jsonPath: '.status.conditions[?(@.type=="Contactable")].message',
      priority: 1,
    },
  ],
  spec: object('The BMC that is wanted.', { connection: required(connection) }, { writer: 'user or inventory' }),
  status,
});

export type Machine = ObjectOf<typeof Machine>;
