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
 *
 * CAPT names the Workflow that installs as the machine; the one that wipes it on release has another name, and has to run.
 */
export function installedBefore({ metadata, spec }: Workflow, hardware: Hardware | undefined): boolean {
  const { [machineNameLabel]: name, [machineNamespaceLabel]: namespace } = metadata.labels ?? {};
  if (!name || !namespace || name !== metadata.name) return false;
  if (hardware === undefined || spec?.hardwareRef !== hardware.metadata.name) return false;
  const { labels = {}, annotations = {} } = hardware.metadata;
  return (
    annotations[provisionedAnnotation] === 'true' &&
    labels[ownerNameLabel] === name &&
    labels[ownerNamespaceLabel] === namespace
  );
}
