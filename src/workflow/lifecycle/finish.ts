import { provisionedAnnotation } from '../../api/tinkerbell/v1alpha1/claim-marks.ts';
import { finishedMark } from '../../api/tinkerbell/v1alpha1/finished-mark.ts';
import type { FinalState } from '../../api/tinkerbell/v1alpha1/workflow-state.ts';
import type { WorkflowStatus } from '../../api/tinkerbell/v1alpha1/workflow-status.ts';
import { allowPxePatch } from './allow-pxe.ts';
import { bootJobProgress } from './boot-job.ts';
import { ejectJob, postJob } from './boot-mode.ts';
import type { Facts } from './facts.ts';
import { installedBefore, installsOwner } from './installed-before.ts';
import { toggleStep } from './netboot-toggle.ts';
import { failed } from './prepare.ts';
import { type Step, wait } from './step.ts';
import { withCondition } from './workflow-conditions.ts';

/**
 * POST: every action is done. First make sure that it is known for ever, then clean up. The host of the machine that was
 * installed says it as well as a mark, and is told so with the end of its netboot.
 */
export function post(facts: Facts): Step {
  const status = facts.workflow.status ?? {};
  const marked = tellsItsHost(facts, status) ? undefined : markStep(facts, 'SUCCESS');
  if (marked !== undefined) return marked;
  const toggled = undoToggle(facts, status, true);
  if (toggled !== undefined) return toggled;
  const wanted = postJob(facts);
  if ('error' in wanted) return failed(facts, status, 'BootJobSetupFailed', wanted.error);
  if (wanted.job !== undefined) {
    const progress = bootJobProgress(facts, status, wanted.job);
    if ('failed' in progress) return failed(facts, status, progress.condition, progress.failed);
    if ('step' in progress) return progress.step;
  }
  return { kind: 'record', status: { ...status, state: 'SUCCESS' } };
}

/**
 * SUCCESS, FAILED or TIMEOUT: it stays so. What a failed boot left behind is taken back all the same, or the machine
 * would boot into the installer again and again.
 */
export function final(facts: Facts, state: FinalState): Step {
  const status = facts.workflow.status ?? {};
  const marked = markStep(facts, state);
  if (marked !== undefined) return marked;
  if (state !== 'SUCCESS') {
    const cleaned = undoToggle(facts, status) ?? undoMedia(facts, status);
    if (cleaned !== undefined) return cleaned;
  }
  return wait('finished');
}

/** The status of a Workflow that has finished was lost, by a restore or a move: say so, and touch nothing. */
export function restored({ workflow, nowMs }: Facts, state: FinalState): Step {
  const message = `the status was lost; this Workflow has ended with ${state} before and does not run again`;
  const update = { type: 'StatusRestored', status: 'True', reason: 'Finished', message } as const;
  return { kind: 'record', status: withCondition({ ...workflow.status, state }, update, nowMs) };
}

/** What the Workflow installs is installed already: it has ended in a life before this one. */
export function alreadyInstalled({ workflow, nowMs }: Facts): Step {
  const hardware = workflow.spec?.hardwareRef ?? '';
  const message = `Hardware ${hardware} says (${provisionedAnnotation}) that this machine is installed; the Workflow does not run again`;
  const update = { type: 'StatusRestored', status: 'True', reason: 'AlreadyInstalled', message } as const;
  return { kind: 'record', status: withCondition({ ...workflow.status, state: 'SUCCESS' }, update, nowMs) };
}

function markStep({ workflow, hardware }: Facts, state: FinalState): Step | undefined {
  if (finishedMark(workflow.metadata) === state) return undefined;
  const { toggledTrue } = workflow.status?.bootOptions?.allowNetboot ?? {};
  const isKnown = state === 'SUCCESS' && toggledTrue === true && installedBefore(workflow, hardware);
  return isKnown ? undefined : { kind: 'mark', state };
}

/** The next write to its Hardware says that the machine is installed. */
function tellsItsHost({ workflow, hardware }: Facts, { bootOptions }: WorkflowStatus): boolean {
  if (hardware === undefined || !bootOptions?.allowNetboot?.toggledTrue) return false;
  return allowPxePatch(hardware, false) !== undefined && installsOwner(workflow, hardware);
}

function undoToggle(facts: Facts, status: WorkflowStatus, installed = false): Step | undefined {
  return status.bootOptions?.allowNetboot?.toggledTrue ? toggleStep(facts, status, false, installed) : undefined;
}

/** Ejects the ISO if it was put in; a BMC that fails here changes nothing about the outcome. */
function undoMedia(facts: Facts, status: WorkflowStatus): Step | undefined {
  const mounted = status.bootOptions?.jobs?.[`iso-mount-${facts.workflow.metadata.name}`];
  const wanted = ejectJob(facts);
  if (mounted === undefined || 'error' in wanted || wanted.job === undefined) return undefined;
  const progress = bootJobProgress(facts, status, wanted.job);
  return 'step' in progress ? progress.step : undefined;
}
