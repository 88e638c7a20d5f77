import { Job } from '../../../api/bmc/v1alpha1/job.ts';
import type { Task } from '../../../api/bmc/v1alpha1/task.ts';
import { controllerOf, groupOf } from '../../../kube/objects/owner-references.ts';
import { isUnderWay } from '../begun.ts';
import { finishedMark } from '../finished-mark.ts';
import type { Lookup } from '../lookup.ts';
import { holds } from '../progress.ts';
import { attemptOf } from './attempt.ts';

/**
 * Whether a Task may begin:
 * - `wanted`: it stands for itself, or its Job is under way.
 * - `unknown`: its Job is gone or going (the garbage collector takes the Task), or not known yet.
 * - `completed`, `lost`: what its Job tells of a Task that has lost its status. Only of one whose attempt was written ahead:
 *   others have marks of their own.
 */
export type Standing = 'wanted' | 'unknown' | 'completed' | 'lost';

/** Pure, but for the look at the Job. */
export function standingOf(task: Task, jobs: Lookup<Job>): Standing {
  const isAhead = attemptOf(task)?.ahead !== undefined;
  const owner = controllerOf(task);
  if (owner === undefined || owner.kind !== Job.kind || groupOf(owner.apiVersion) !== Job.group) {
    // Without the Job that it was made for, a mark that was written ahead proves nothing.
    return isAhead ? 'lost' : 'wanted';
  }
  const { namespace } = task.metadata;
  const job = jobs.get({ ...(namespace ? { namespace } : {}), name: owner.name });
  if (job === undefined || job.metadata.uid !== owner.uid) return 'unknown';
  if (isUnderWay(job)) return 'wanted';
  const end = isAhead ? endOf(job) : undefined;
  if (end === undefined) return 'unknown';
  return end === 'Completed' ? 'completed' : 'lost';
}

/** How a Job ended, as its mark or its status tells. */
function endOf({ metadata, status }: Job): 'Completed' | 'Failed' | undefined {
  const mark = finishedMark(metadata);
  if (mark !== undefined) return mark.type;
  if (holds(status, 'Completed')) return 'Completed';
  return holds(status, 'Failed') ? 'Failed' : undefined;
}
