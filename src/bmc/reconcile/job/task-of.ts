import type { Connection } from '../../../api/bmc/v1alpha1/connection.ts';
import { Job } from '../../../api/bmc/v1alpha1/job.ts';
import type { Machine } from '../../../api/bmc/v1alpha1/machine.ts';
import { Task } from '../../../api/bmc/v1alpha1/task.ts';
import { apiVersionOf } from '../../../api/meta/resource.ts';
import { ownerReferenceTo } from '../../../kube/objects/owner-references.ts';

/** The label by which people and the original find the Tasks of a Job. */
export const ownerNameLabel = 'owner-name';

const longestLabelValue = 63;

export function taskNameOf(job: Job, index: number): string {
  return `${job.metadata.name}-task-${index}`;
}

/** The Task for the action of a Job at `index`. */
export function taskOf(job: Job, index: number, machine: Machine): Task {
  const { namespace = '', name = '' } = job.metadata;
  const action = job.spec?.tasks[index];
  const connection = connectionOf(machine);
  if (action === undefined || connection === undefined) throw new TypeError(`Job ${name} has no action ${index}`);
  const task: Task = {
    apiVersion: apiVersionOf(Task),
    kind: Task.kind,
    metadata: { namespace, name: taskNameOf(job, index), labels: { [ownerNameLabel]: labelValue(name) } },
    spec: { task: structuredClone(action), connection },
  };
  const owner = ownerReferenceTo(Job, job, task, { controller: true, blockOwnerDeletion: true });
  return { ...task, metadata: { ...task.metadata, ownerReferences: [owner] } };
}

/** A copy that means the same in another namespace. */
function connectionOf({ metadata, spec }: Machine): Connection | undefined {
  const connection = structuredClone(spec?.connection);
  const { name, namespace = metadata.namespace } = connection?.authSecretRef ?? {};
  if (connection === undefined || !name || !namespace) return connection;
  return { ...connection, authSecretRef: { name, namespace } };
}

/** Names may be longer than values of labels, and cut ones must still end with a letter or digit. */
function labelValue(name: string): string {
  return name.slice(0, longestLabelValue).replace(/[^a-z0-9]+$/, '');
}
