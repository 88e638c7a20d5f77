import type { Job } from '../../../api/bmc/v1alpha1/job.ts';
import type { Machine } from '../../../api/bmc/v1alpha1/machine.ts';
import type { Task } from '../../../api/bmc/v1alpha1/task.ts';
import { CaptError } from '../../../api/errors/capt-error.ts';
import { keyOf } from '../../../kube/client/path.ts';
import { controllerOf } from '../../../kube/objects/owner-references.ts';
import { begunOf, isUnderWay } from '../begun.ts';
import { type FinishedMark, finishedMark } from '../finished-mark.ts';
import { holds, isFinished, progressOf } from '../progress.ts';
import { textOf } from '../text-of.ts';
import { taskNameOf } from './task-of.ts';

/** What there is: the Job, the Task under each of its names, and the Machine it is about. */
export interface JobFacts {
  readonly job: Job;
  readonly tasks: readonly (Task | undefined)[];
  readonly machine: Machine | undefined;
}

export type JobDecision =
  | { readonly step: 'nothing' | 'mark' | 'complete' }
  /** It has ended before, and its status is lost. */
  | { readonly step: 'restore'; readonly mark: FinishedMark }
  | { readonly step: 'create'; readonly index: number; readonly machine: Machine }
  /** Something has to come or go first; `problem` is absent when that is a Task of ours. */
  | { readonly step: 'wait'; readonly problem?: CaptError }
  | { readonly step: 'fail'; readonly message: string };

/** The next step of a Job: its Tasks one after the other, stopping at the first that fails. Pure. */
export function decideJob({ job, tasks, machine }: JobFacts): JobDecision {
  if (isFinished(job) || job.metadata.deletionTimestamp !== undefined) return { step: 'nothing' };
  const mark = finishedMark(job.metadata);
  if (mark !== undefined) return { step: 'restore', mark };
  const begun = begunOf(job);
  const lostSince = isUnderWay(job) ? undefined : begun === undefined ? firstTaskOf(job, tasks) : begun.at;
  if (lostSince !== undefined) {
    const details = { object: `Job ${keyOf(job.metadata)}`, at: lostSince };
    return { step: 'fail', message: textOf(new CaptError('BMC_STATUS_LOST', details)) };
  }
  for (const [index, task] of tasks.entries()) {
    if (task === undefined) return next(job, index, begun !== undefined, machine);
    const decision = follow(job, task);
    if (decision !== undefined) return decision;
  }
  return { step: 'complete' };
}

/** When the first Task of the Job was made: of a Job of the original, which leaves no mark, that is all there is. */
function firstTaskOf({ metadata }: Job, tasks: readonly (Task | undefined)[]): string | undefined {
  const own = tasks.find((task) => task !== undefined && controllerOf(task)?.uid === metadata.uid);
  return own && (own.metadata.creationTimestamp ?? 'an unknown time');
}

/** What a Task that is there means; nothing when it is completed. */
function follow(job: Job, task: Task): JobDecision | undefined {
  const name = keyOf(task.metadata);
  const owner = controllerOf(task);
  if (owner === undefined || owner.uid !== job.metadata.uid) {
    const problem = new CaptError('BMC_TASK_NAME_TAKEN', { task: name, job: keyOf(job.metadata) });
    // What an earlier Job of this name left behind goes by itself.
    const leftover = owner?.kind === job.kind && owner.name === job.metadata.name;
    return leftover ? { step: 'wait', problem } : { step: 'fail', message: textOf(problem) };
  }
  if (holds(task.status, 'Completed')) return undefined;
  if (!holds(task.status, 'Failed')) return { step: 'wait' };
  const reason = progressOf(task.status, 'Failed')?.message;
  return { step: 'fail', message: `task ${name} failed${reason ? `: ${reason}` : ''}` };
}

function next(job: Job, index: number, begun: boolean, machine: Machine | undefined): JobDecision {
  if (machine?.spec?.connection === undefined) {
    const details = { machine: keyOf(job.spec?.machineRef ?? {}), job: keyOf(job.metadata) };
    return { step: 'wait', problem: new CaptError('BMC_MACHINE_MISSING', details) };
  }
  return begun ? { step: 'create', index, machine } : { step: 'mark' };
}

/** The names of all Tasks that a Job will have. */
export function taskNamesOf(job: Job): string[] {
  return (job.spec?.tasks ?? []).map((_, index) => taskNameOf(job, index));
}
