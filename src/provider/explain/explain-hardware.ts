import type { TinkerbellMachine } from '../../api/infrastructure/v1beta1/tinkerbell-machine.ts';
import {
  quarantineLabel,
  quarantineReasonAnnotation,
  quarantineSinceAnnotation,
} from '../../api/tinkerbell/v1alpha1/claim-marks.ts';
import { keyOf } from '../../kube/client/path.ts';
import type { Candidate } from '../claim/predicate.ts';
import { predicates } from '../claim/predicates.ts';

import { ownerOf } from '../owner.ts';

/** What is known of a host, and what keeps machines from taking it. */
export interface HardwareExplanation {
  /** `namespace/name`. */
  hardware: string;
  owner: string | undefined;
  quarantine: { reason: string; since: string | undefined } | undefined;
  power: string | undefined;
  /** Workflows on it that have not finished, with their state. */
  workflows: readonly string[];
  /** What keeps any machine from taking it, whatever it asks for. */
  obstacles: readonly { predicate: string; message: string }[];
}

/** A machine that asks for nothing: what stands in its way stands in the way of all. */
const anyMachine: TinkerbellMachine = {
  apiVersion: 'infrastructure.cluster.x-k8s.io/v1beta1',
  kind: 'TinkerbellMachine',
  metadata: {},
  spec: {},
};

/** Explains a host from what is stored; asks nobody. */
export function explainHardware(candidate: Candidate): HardwareExplanation {
  const { hardware, bmc, unfinished } = candidate;
  const { labels = {}, annotations = {} } = hardware.metadata;
  const owner = ownerOf(hardware);
  const reason = annotations[quarantineReasonAnnotation] ?? 'no reason is given';
  return {
    hardware: keyOf(hardware.metadata),
    owner: owner && keyOf(owner),
    quarantine:
      labels[quarantineLabel] === undefined ? undefined : { reason, since: annotations[quarantineSinceAnnotation] },
    power: hardware.spec?.bmcRef === undefined ? undefined : (bmc?.status?.powerState ?? 'unknown'),
    workflows: unfinished.map(({ metadata, status }) => `${keyOf(metadata)} ${status?.state || 'new'}`),
    obstacles: predicates.flatMap(({ name, obstacle }) => {
      const message = obstacle(candidate, anyMachine);
      return message === undefined ? [] : [{ predicate: name, message }];
    }),
  };
}
