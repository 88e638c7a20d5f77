import { finishedMark } from '../../api/tinkerbell/v1alpha1/finished-mark.ts';
import { stateOf } from '../../api/tinkerbell/v1alpha1/workflow-state.ts';
import { begin } from './begin.ts';
import type { Facts } from './facts.ts';
import { alreadyInstalled, final, post, restored } from './finish.ts';
import { installedBefore } from './installed-before.ts';
import { pending } from './pending.ts';
import { prepare } from './prepare.ts';
import { running } from './running.ts';
import { type Decision, wait } from './step.ts';

/** The next step of a Workflow. Pure: the same facts give the same step. */
export function decide(facts: Facts): Decision {
  const { workflow, hardware } = facts;
  if (workflow.metadata.deletionTimestamp !== undefined) return wait('being deleted');
  const state = stateOf(workflow.status?.state);
  const mark = finishedMark(workflow.metadata);
  // A status from before the end came back, or none: what has finished stays finished.
  const unlessFinished = (next: (facts: Facts) => Decision) =>
    mark === undefined ? next(facts) : restored(facts, mark);
  const unlessInstalled = (next: (facts: Facts) => Decision) =>
    unlessFinished(installedBefore(workflow, hardware) ? alreadyInstalled : next);
  switch (state) {
    case '':
      return unlessInstalled(begin);
    case 'PREPARING':
      return unlessInstalled(prepare);
    case 'PENDING':
      return unlessInstalled(pending);
    case 'RUNNING':
      return unlessFinished(running);
    case 'POST':
      return post(facts);
    case 'SUCCESS':
    case 'FAILED':
    case 'TIMEOUT':
      return final(facts, state);
  }
}
