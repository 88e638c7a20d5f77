import {
  ownerNameLabel,
  ownerNamespaceLabel,
  provisionedAnnotation,
} from '../../api/tinkerbell/v1alpha1/claim-marks.ts';
import type { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import { machineNameLabel, machineNamespaceLabel } from '../../api/tinkerbell/v1alpha1/machine-labels.ts';
import type { Workflow } from '../../api/tinkerbell/v1alpha1/workflow.ts';

/**
 * True when a Workflow installs a machine that its Hardware says is installed already. The original stack leaves no mark on
 * Workflows that have finished: one that was restored or moved from there looks new, and only the Hardware tells.
 */
export function installedBefore(workflow: Workflow, hardware: Hardware | undefined): boolean {
  return hardware?.metadata.annotations?.[provisionedAnnotation] === 'true' && installsOwner(workflow, hardware);
}

/**
 * True when a Workflow installs the machine that holds its Hardware. CAPT names the Workflow that installs as the machine;
 * the one that wipes it on release has another name.
 */
export function installsOwner({ metadata, spec }: Workflow, hardware: Hardware): boolean {
  const { [machineNameLabel]: name, [machineNamespaceLabel]: namespace } = metadata.labels ?? {};
  if (!name || !namespace || name !== metadata.name) return false;
  if (spec?.hardwareRef !== hardware.metadata.name) return false;
  const { labels = {} } = hardware.metadata;
  return labels[ownerNameLabel] === name && labels[ownerNamespaceLabel] === namespace;
}
