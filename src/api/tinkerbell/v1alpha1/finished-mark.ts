import type { ObjectMeta } from '../../meta/object.ts';
import { type FinalState, isFinal } from './workflow-state.ts';

/**
 * Says how a Workflow ended. It stands outside the status because backups and `clusterctl move` lose the status, and a
 * Workflow without it would look new and install a live machine again.
 */
export const finishedAnnotation = 'capt.tinkerbell.org/finished';

/** How the Workflow ended, `undefined` while it has not. A mark of which nobody knows what it means still means the end. */
export function finishedMark(metadata: ObjectMeta): FinalState | undefined {
  const mark = metadata.annotations?.[finishedAnnotation];
  if (mark === undefined) return undefined;
  return isFinal(mark) ? mark : 'FAILED';
}
