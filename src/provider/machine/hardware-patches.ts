import type { ObjectMeta } from '../../api/meta/object.ts';
import { timestamp } from '../../api/time/timestamp.ts';
import {
  ownerNameLabel,
  ownerNamespaceLabel,
  provisionedAnnotation,
  quarantineLabel,
  quarantineReasonAnnotation,
  quarantineSinceAnnotation,
} from '../../api/tinkerbell/v1alpha1/claim-marks.ts';
import type { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import { withFinalizer } from '../../kube/objects/finalizers.ts';
import { legacyMachineFinalizer, machineFinalizer } from '../names.ts';

/**
 * Merge patches for Hardware. Each carries the resourceVersion of what was looked at: when anybody wrote in between, the
 * API server refuses it and everything is decided anew.
 */
export function claimPatch(
  hardware: Hardware,
  machine: ObjectMeta,
  { userData, netboot }: { userData: string; netboot: boolean },
): object {
  const owned = ownedBy(hardware, machine);
  return {
    // What an earlier owner left must not be taken for ours.
    metadata: { ...owned, annotations: { [provisionedAnnotation]: null } },
    spec: { userData, ...(netboot ? withAllowPxe(hardware, true) : {}) },
  };
}

/** For a machine that is installed there: labels and finalizer come back, nothing else changes. */
export function reclaimPatch(hardware: Hardware, machine: ObjectMeta): object {
  return { metadata: { ...ownedBy(hardware, machine), annotations: { [provisionedAnnotation]: 'true' } } };
}

export function deliverPatch(hardware: Hardware, userData: string): object {
  return { metadata: guarded(hardware), spec: { userData } };
}

/** What is installed does not netboot, whoever was to see to that. */
export function provisionedPatch(hardware: Hardware): object {
  return {
    metadata: { ...guarded(hardware), annotations: { [provisionedAnnotation]: 'true' } },
    spec: withAllowPxe(hardware, false),
  };
}

export function quarantinePatch(hardware: Hardware, reason: string, nowMs: number): object {
  return { metadata: { ...guarded(hardware), ...quarantine(reason, nowMs) } };
}

/** Nothing of the machine stays: no owner, no bootstrap data, no way into the network boot. */
export function releasePatch(hardware: Hardware, reason: string | undefined, nowMs: number): object {
  const { finalizers = [] } = hardware.metadata;
  const marks = reason === undefined ? undefined : quarantine(reason, nowMs);
  return {
    metadata: {
      ...guarded(hardware),
      labels: { [ownerNameLabel]: null, [ownerNamespaceLabel]: null, ...marks?.labels },
      annotations: { [provisionedAnnotation]: null, ...marks?.annotations },
      finalizers: finalizers.filter((name) => name !== machineFinalizer && name !== legacyMachineFinalizer),
    },
    spec: {
      userData: null,
      ...withAllowPxe(hardware, false),
    },
  };
}

/** Off is what an interface is that says nothing of netboot. */
function withAllowPxe({ spec }: Hardware, allowPXE: boolean): Pick<NonNullable<Hardware['spec']>, 'interfaces'> {
  if (spec?.interfaces === undefined) return {};
  const interfaces = spec.interfaces.map(({ netboot, ...rest }) => ({
    ...rest,
    ...(netboot === undefined && !allowPXE ? {} : { netboot: { ...netboot, allowPXE } }),
  }));
  return { interfaces };
}

function ownedBy(hardware: Hardware, { namespace, name }: ObjectMeta) {
  return {
    ...guarded(hardware),
    labels: { [ownerNameLabel]: name, [ownerNamespaceLabel]: namespace },
    finalizers: withFinalizer(hardware.metadata.finalizers, machineFinalizer),
  };
}

function quarantine(reason: string, nowMs: number) {
  const since = timestamp(nowMs);
  return {
    labels: { [quarantineLabel]: 'true' },
    annotations: { [quarantineReasonAnnotation]: reason, [quarantineSinceAnnotation]: since },
  };
}

function guarded({ metadata: { uid, resourceVersion } }: Hardware) {
  return { ...(uid ? { uid } : {}), ...(resourceVersion ? { resourceVersion } : {}) };
}
