import { Workflow } from '../../api/tinkerbell/v1alpha1/workflow.ts';
import type { WorkflowStatus } from '../../api/tinkerbell/v1alpha1/workflow-status.ts';
import type { Client } from '../../kube/client/client.ts';
import type { StatusChanges } from './apply-report.ts';

/**
 * Writes what was decided on `workflow`, unless somebody has written to it since. The whole status goes over the wire, not
 * a patch: it rests on this one version anyway, and the API server has a fifth less to do for a PUT.
 * @throws KubeError Conflict
 */
export async function writeStatus(client: Client, workflow: Workflow, changes: StatusChanges): Promise<Workflow> {
  const changed = { ...workflow, status: withChanges(workflow.status ?? {}, changes) };
  return await client.update(Workflow, changed, { subresource: 'status', timeoutSeconds: 10 });
}

/** The status after these changes. */
export function withChanges(status: WorkflowStatus, changes: StatusChanges): WorkflowStatus {
  const fields = Object.entries({ ...status, ...changes }).filter(([, value]) => value !== null);
  return Object.fromEntries(fields) as WorkflowStatus;
}
