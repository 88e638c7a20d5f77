import type { ObjectName } from '../../api/meta/object.ts';
import { Workflow } from '../../api/tinkerbell/v1alpha1/workflow.ts';
import type { Client } from '../../kube/client/client.ts';
import type { StatusChanges } from './apply-report.ts';

/** Writes what was decided on `workflow`, unless somebody has written to it since. @throws KubeError Conflict */
export async function writeStatus(
  client: Client,
  name: ObjectName,
  { metadata }: Workflow,
  status: StatusChanges,
): Promise<void> {
  const patch = { metadata: { resourceVersion: metadata.resourceVersion }, status };
  await client.mergePatch(Workflow, name, patch, { subresource: 'status', timeoutSeconds: 10 });
}
