import { finishedMark } from '../../api/tinkerbell/v1alpha1/finished-mark.ts';
import type { Workflow } from '../../api/tinkerbell/v1alpha1/workflow.ts';
import { type FinalState, isFinal, stateOf } from '../../api/tinkerbell/v1alpha1/workflow-state.ts';

/** How a Workflow ended, even if its status was lost; `undefined` while it has not. */
export function endOf({ metadata, status }: Workflow): FinalState | undefined {
  const mark = finishedMark(metadata);
  if (mark !== undefined) return mark;
  const state = stateOf(status?.state);
  return isFinal(state) ? state : undefined;
}
