import type { Action } from '../../api/bmc/v1alpha1/action.ts';
import type { Job } from '../../api/bmc/v1alpha1/job.ts';
import type { Workflow } from '../../api/tinkerbell/v1alpha1/workflow.ts';
import type { WorkflowStatus } from '../../api/tinkerbell/v1alpha1/workflow-status.ts';
import type { Facts } from './facts.ts';
import { type Step, wait } from './step.ts';
import { withCondition } from './workflow-conditions.ts';

/** A bmc Job that a Workflow needs done. */
export interface BootJob {
  name: string;
  machine: string;
  actions: Action[];
}

export type BootJobProgress = { step: Step } | { failed: string; condition: 'BootJobFailed' } | { done: true };

/**
 * The next step towards a finished Job. The Job is made once: one that is there and is ours is ours, recorded or not; one
 * of the same name that is not ours is what an earlier Workflow left, and goes first.
 *
 * That it is made and waited for stands in the status before it is made, so that nothing has to be written meanwhile: its
 * UID is written down with its end.
 */
export function bootJobProgress(
  facts: Facts,
  status: WorkflowStatus,
  { name, machine, actions }: BootJob,
): BootJobProgress {
  const entry = status.bootOptions?.jobs?.[name];
  if (entry?.complete) return { done: true };
  const job = facts.job(name);
  if (entry?.uid) return followed(facts, status, name, entry.uid, job);
  const isOurs = job !== undefined && isOwnedBy(job, facts.workflow);
  if (job !== undefined && !isOurs) {
    if (job.metadata.deletionTimestamp !== undefined) return { step: wait(`an old bmc Job ${name} is being deleted`) };
    return { step: { kind: 'deleteJob', name, uid: job.metadata.uid ?? '' } };
  }
  if (entry === undefined) return { step: announced(facts, status, name) };
  const uid = facts.madeJob(name) ?? job?.metadata.uid;
  if (uid !== undefined) return followed(facts, status, name, uid, job);
  return { step: { kind: 'createJob', name, machine, actions } };
}

function announced({ nowMs }: Facts, status: WorkflowStatus, name: string): Step {
  return { kind: 'record', status: waitingFor(withJob(status, name, { complete: false }), name, nowMs) };
}

function waitingFor(status: WorkflowStatus, name: string, nowMs: number): WorkflowStatus {
  const message = `waiting for bmc Job ${name}`;
  return withCondition(status, { type: 'BootJobRunning', status: 'True', reason: 'Running', message }, nowMs);
}

function followed(
  { nowMs }: Facts,
  status: WorkflowStatus,
  name: string,
  uid: string,
  job: Job | undefined,
): BootJobProgress {
  // Making another one could cut the power of a machine that is at work by now.
  if (job?.metadata.uid !== uid) {
    return { failed: `bmc Job ${name} was deleted before it was done`, condition: 'BootJobFailed' };
  }
  const failure = conditionOf(job, 'Failed');
  if (failure !== undefined) return { failed: failure.message || `bmc Job ${name} failed`, condition: 'BootJobFailed' };
  if (conditionOf(job, 'Completed') !== undefined) {
    const made = { type: 'BootJobSetupComplete', status: 'True', reason: 'Created', message: 'job created' } as const;
    const update = { type: 'BootJobComplete', status: 'True', reason: 'Complete', message: 'job completed' } as const;
    const running = { type: 'BootJobRunning', status: 'False', reason: 'Complete', message: 'job completed' } as const;
    const updates = [made, update, running];
    const recorded = withJob(status, name, { uid, complete: true });
    return { step: { kind: 'record', status: updates.reduce((all, one) => withCondition(all, one, nowMs), recorded) } };
  }
  const running = waitingFor(status, name, nowMs);
  return { step: running === status ? wait(`waiting for bmc Job ${name}`) : { kind: 'record', status: running } };
}

function withJob(status: WorkflowStatus, name: string, entry: { uid?: string; complete: boolean }): WorkflowStatus {
  const { bootOptions } = status;
  return { ...status, bootOptions: { ...bootOptions, jobs: { ...bootOptions?.jobs, [name]: entry } } };
}

function isOwnedBy({ metadata }: Job, workflow: Workflow): boolean {
  return (metadata.ownerReferences ?? []).some(({ uid }) => uid === workflow.metadata.uid);
}

function conditionOf(job: Job, type: string) {
  return job.status?.conditions?.find((condition) => condition.type === type && condition.status === 'True');
}
