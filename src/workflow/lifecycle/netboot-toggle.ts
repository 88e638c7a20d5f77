import type { WorkflowStatus } from '../../api/tinkerbell/v1alpha1/workflow-status.ts';
import { allowPxePatch } from './allow-pxe.ts';
import type { Facts } from './facts.ts';
import type { Step } from './step.ts';
import { withCondition } from './workflow-conditions.ts';

/**
 * The next step to let the machine netboot, or to stop it from doing so; `undefined` when that is done.
 * @param installed the Workflow has succeeded
 */
export function toggleStep(
  { hardware, nowMs }: Facts,
  status: WorkflowStatus,
  value: boolean,
  installed = false,
): Step | undefined {
  const toggled = status.bootOptions?.allowNetboot;
  if (value ? toggled?.toggledTrue : toggled?.toggledFalse) return undefined;
  // Hardware that is gone netboots no more.
  if (hardware !== undefined && allowPxePatch(hardware, value) !== undefined) {
    return { kind: 'setAllowPxe', value, ...(installed ? { installed } : {}) };
  }
  const type = value ? 'AllowNetbootTrue' : 'AllowNetbootFalse';
  const allowNetboot = { ...toggled, ...(value ? { toggledTrue: true } : { toggledFalse: true }) };
  const recorded = { ...status, bootOptions: { ...status.bootOptions, allowNetboot } };
  const update = { type, status: 'True', reason: 'Complete', message: `set allowPXE to ${value}` } as const;
  return { kind: 'record', status: withCondition(recorded, update, nowMs) };
}
