import { parseQuantity } from '../../api/meta/quantity.ts';
import { matchesLabels, selectorText } from '../../api/meta/selector.ts';
import {
  quarantineLabel,
  quarantineReasonAnnotation,
  quarantineSinceAnnotation,
} from '../../api/tinkerbell/v1alpha1/claim-marks.ts';
import { keyOf } from '../../kube/client/path.ts';

import { ownerOf } from '../owner.ts';
import type { Predicate } from './predicate.ts';
import { sizeOf } from './size.ts';

/** Names of an architecture by those of Kubernetes. */
const architectures: Readonly<Record<string, readonly string[]>> = {
  amd64: ['amd64', 'x86_64'],
  arm64: ['arm64', 'aarch64'],
};

/** All that stands between Hardware and becoming a machine, in the order in which it is told. */
export const predicates: readonly Predicate[] = [
  {
    name: 'unowned',
    obstacle({ hardware }, machine) {
      const owner = ownerOf(hardware);
      if (owner === undefined) return undefined;
      const { namespace = '', name = '' } = machine.metadata;
      if (owner.name === name && (owner.namespace ?? '') === namespace) return undefined;
      return `belongs to TinkerbellMachine ${keyOf(owner)}`;
    },
  },
  {
    name: 'staying',
    obstacle: ({ hardware: { metadata } }) =>
      metadata.deletionTimestamp === undefined ? undefined : `is being deleted since ${metadata.deletionTimestamp}`,
  },
  {
    name: 'not quarantined',
    obstacle({ hardware: { metadata } }) {
      if (metadata.labels?.[quarantineLabel] === undefined) return undefined;
      const since = metadata.annotations?.[quarantineSinceAnnotation];
      const reason = metadata.annotations?.[quarantineReasonAnnotation] ?? 'no reason is given';
      return `is in quarantine${since === undefined ? '' : ` since ${since}`}: ${reason}`;
    },
  },
  {
    name: 'required affinity',
    obstacle({ hardware }, { spec }) {
      const terms = spec?.hardwareAffinity?.required ?? [];
      const { labels = {} } = hardware.metadata;
      if (terms.length === 0 || terms.some(({ labelSelector }) => matchesLabels(labelSelector, labels)))
        return undefined;
      return `its labels fit none of: ${terms.map(({ labelSelector }) => selectorText(labelSelector)).join('; ')}`;
    },
  },
  {
    name: 'address',
    obstacle: ({ hardware: { spec } }) =>
      spec?.interfaces?.[0]?.dhcp?.ip?.address
        ? undefined
        : 'has no address for the node: spec.interfaces[0].dhcp.ip.address is missing',
  },
  {
    name: 'disk',
    obstacle: ({ hardware: { spec } }) =>
      spec?.disks?.[0]?.device ? undefined : 'has no disk to install to: spec.disks[0].device is missing',
  },
  {
    name: 'BMC',
    obstacle({ hardware, bmc }) {
      const name = hardware.spec?.bmcRef?.name;
      if (name === undefined) return undefined;
      if (bmc === undefined) return `its bmc Machine ${name} does not exist`;
      const contactable = bmc.status?.conditions?.find(({ type }) => type === 'Contactable');
      if (contactable?.status === 'True') return undefined;
      if (contactable === undefined) return `its bmc Machine ${name} has not been contacted yet`;
      return `its bmc Machine ${name} does not answer: ${contactable.message ?? 'no reason is given'}`;
    },
  },
  {
    name: 'no other workflow',
    obstacle: ({ unfinished }) =>
      unfinished.length === 0
        ? undefined
        : `Workflow ${unfinished.map(({ metadata }) => keyOf(metadata)).join(', ')} has not finished on it`,
  },
  {
    name: 'architecture',
    obstacle({ hardware }, { spec }) {
      const wanted = spec?.hardwareRequirements?.architecture;
      if (wanted === undefined) return undefined;
      const { arch = 'x86_64' } = hardware.spec?.interfaces?.[0]?.dhcp ?? {};
      return architectures[wanted]?.includes(arch) ? undefined : `is ${arch}, not ${wanted}`;
    },
  },
  {
    name: 'size',
    obstacle({ hardware }, { spec }) {
      const problems = Object.entries(spec?.hardwareRequirements?.minimum ?? {}).flatMap(([name, wanted]) => {
        const size = sizeOf(hardware, name);
        if (size === undefined) return [`${name} is not known`];
        return size >= (parseQuantity(wanted) ?? Number.POSITIVE_INFINITY)
          ? []
          : [`${name} is ${size}, less than ${wanted}`];
      });
      return problems.length === 0 ? undefined : problems.join(', ');
    },
  },
];
