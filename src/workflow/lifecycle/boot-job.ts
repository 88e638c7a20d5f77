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
  if (job === undefined) return { step: { kind: 'createJob', name, machine, actions } };
  if (isOwnedBy(job, facts.workflow)) return { step: adopted(facts, status, name, job) };
  if (job.metadata.deletionTimestamp !== undefined) return { step: wait(`an old bmc Job ${name} is being deleted`) };
  return { step: { kind: 'deleteJob', name, uid: job.metadata.uid ?? '' } };
}

function adopted({ nowMs }: Facts, status: WorkflowStatus, name: string, { metadata }: Job): Step {
  const recorded = withJob(status, name, { uid: metadata.uid ?? '', complete: false });
  const update = { type: 'BootJobSetupComplete', status: 'True', reason: 'Created', message: 'job created' } as const;
  return { kind: 'record', status: withCondition(recorded, update, nowMs) };
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
    const update = { type: 'BootJobComplete', status: 'True', reason: 'Complete', message: 'job completed' } as const;
    const running = { type: 'BootJobRunning', status: 'False', reason: 'Complete', message: 'job completed' } as const;
    const recorded = withCondition(withJob(status, name, { uid, complete: true }), update, nowMs);
    return { step: { kind: 'record', status: withCondition(recorded, running, nowMs) } };
  }
  const message = `waiting for bmc Job ${name}`;
  const update = { type: 'BootJobRunning', status: 'True', reason: 'Running', message } as const;
  const running = withCondition(status, update, nowMs);
  return { step: running === status ? wait(message) : { kind: 'record', status: running } };
}

function withJob(status: WorkflowStatus, name: string, entry: { uid: string; complete: boolean }): WorkflowStatus {
  const { bootOptions } = status;
  return { ...status, bootOptions: { ...bootOptions, jobs: { ...bootOptions?.jobs, [name]: entry } } };
}

function isOwnedBy({ metadata }: Job, workflow: Workflow): boolean {
  return (metadata.ownerReferences ?? []).some(({ uid }) => uid === workflow.metadata.uid);
}

function conditionOf(job: Job, type: string) {
  return job.status?.conditions?.find((condition) => condition.type === type && condition.status === 'True');
}
