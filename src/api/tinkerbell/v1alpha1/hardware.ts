import type * as z from 'zod';
import { moveLabels } from '../../meta/crd-labels.ts';
import { defineKind, type ObjectOf } from '../../meta/kind.ts';
import { list, map } from '../../schema/collection.ts';
import { object, required } from '../../schema/object.ts';
import { flag, int64, quantity, text } from '../../schema/scalar.ts';
import { tinkerbellGroup } from './group.ts';
import { hardwareInterface } from './hardware-interface.ts';
import { hardwareAttributes } from './hardware-inventory.ts';
import { hardwareMetadata } from './hardware-metadata.ts';

const bmcRef = object(
  'The bmc Machine of this machine, in the same namespace.',
  {
    apiGroup: text('`bmc.tinkerbell.org`.'),
    kind: required(text('`Machine`.')),
    name: required(text('Name of the bmc Machine.')),
  },
  { atomic: true },
);

const reference = object('One object.', {
  namespace: text('Namespace of the object.'),
  name: text('Name of the object.'),
  group: text('API group, empty for the core group.'),
  version: text('API version.'),
  resource: text('Lower-case plural of the kind.'),
});

const spec = object(
  'The machine and how it is to boot.',
  {
    agentID: text('Identity its agent calls with; the hardware address by custom.', {
      writer: 'user, inventory or discovery',
    }),
    auto: object('What may happen without anybody asking for it.', {
      enrollmentEnabled: flag('Its agent may get a Workflow from a WorkflowRuleSet.', { default: false }),
    }),
    bmcRef,
    interfaces: list('Network interfaces; the first one gives the address of the node.', hardwareInterface),
    references: map('Objects that templates see as `.references.<key>`.', reference),
    metadata: hardwareMetadata,
    tinkVersion: int64('Kept for compatibility; nothing reads it.'),
    disks: list(
      'Disks, the system disk first.',
      object('One disk.', { device: text('Device, such as `/dev/nvme0n1`.') }),
    ),
    resources: map('Sizes for people and selectors, such as `cpu` and `memory`.', quantity('A Kubernetes quantity.')),
    userData: text('First-boot configuration (cloud-init, Ignition or TOML) that the metadata service serves.', {
      writer: 'user; machine controller on claim and release',
    }),
    vendorData: text('Second part of the first-boot configuration, for templates and cloud-init.'),
  },
  { writer: 'user, inventory or discovery' },
);

const status = object('What is known of the machine.', {
  state: text('Free text; kept for compatibility.', { writer: 'nobody' }),
  attributes: object(
    'What the machine consists of, by who looked.',
    { outOfBand: hardwareAttributes },
    {
      writer: 'bmc machine controller',
    },
  ),
});

export type HardwareSpec = z.infer<typeof spec>;
export type HardwareStatus = z.infer<typeof status>;

/** A physical machine. */
export const Hardware = defineKind({
  ...tinkerbellGroup,
  kind: 'Hardware',
  plural: 'hardware',
  shortNames: ['hw'],
  labels: moveLabels,
  description: 'A physical machine: its interfaces, disks, BMC and what it is told on first boot.',
  columns: [
    { name: 'State', type: 'string', jsonPath: '.status.state' },
    { name: 'Owner', type: 'string', jsonPath: '.metadata.labels.v1alpha1\\.tinkerbell\\.org/ownerName' },
    { name: 'BMC', type: 'string', jsonPath: '.spec.bmcRef.name' },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
    { name: 'MAC', type: 'string', jsonPath: '.spec.interfaces[0].dhcp.mac', priority: 1 },
    { name: 'Address', type: 'string', jsonPath: '.spec.interfaces[0].dhcp.ip.address', priority: 1 },
    { name: 'Hostname', type: 'string', jsonPath: '.spec.interfaces[0].dhcp.hostname', priority: 1 },
  ],
  spec,
  status,
});

export type Hardware = ObjectOf<typeof Hardware>;
