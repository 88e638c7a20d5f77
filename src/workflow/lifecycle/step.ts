import type { Action } from '../../api/bmc/v1alpha1/action.ts';
import type { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import type { FinalState } from '../../api/tinkerbell/v1alpha1/workflow-state.ts';
import type { WorkflowStatus } from '../../api/tinkerbell/v1alpha1/workflow-status.ts';

/**
 * The one thing to do next for a Workflow. What a step brought about is seen by looking at the world again, never
 * remembered: a step that was done but not recorded is found done.
 */
export type Step =
  /** Set `allowPXE` of every interface of the Hardware; `installed`: say along with it that its machine is, if it is so. */
  | { kind: 'setAllowPxe'; value: boolean; installed?: boolean }
  /** Make sure that the Workflow is what was looked at, before something is done that could not be undone. */
  | { kind: 'confirm' }
  | { kind: 'createJob'; name: string; machine: string; actions: Action[] }
  | { kind: 'deleteJob'; name: string; uid: string }
  /** Write down outside the status that the Workflow has ended. */
  | { kind: 'mark'; state: FinalState }
  | { kind: 'record'; status: WorkflowStatus }
  /** Nothing to do until something changes, or until `untilMs` (wall clock). */
  | { kind: 'wait'; reason: string; untilMs?: number };

/** A step, or what has to be known before one can be decided. */
export type Decision =
  | Step
  /** Read what the Hardware refers to, then decide again. */
  | { kind: 'readReferences'; hardware: Hardware };

export function wait(reason: string, untilMs?: number): Step {
  return untilMs === undefined ? { kind: 'wait', reason } : { kind: 'wait', reason, untilMs };
}
