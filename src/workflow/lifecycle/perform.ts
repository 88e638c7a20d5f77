import { Job } from '../../api/bmc/v1alpha1/job.ts';
import type { ObjectName } from '../../api/meta/object.ts';
import { apiVersionOf } from '../../api/meta/resource.ts';
import { provisionedAnnotation } from '../../api/tinkerbell/v1alpha1/claim-marks.ts';
import { finishedAnnotation } from '../../api/tinkerbell/v1alpha1/finished-mark.ts';
import { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import { Workflow } from '../../api/tinkerbell/v1alpha1/workflow.ts';
import type { Client } from '../../kube/client/client.ts';
import { isReason } from '../../kube/client/errors.ts';
import { mergePatch } from '../../kube/objects/merge-patch.ts';
import { ownerReferenceTo } from '../../kube/objects/owner-references.ts';
import { patchLatest } from '../../kube/objects/patch-latest.ts';
import { allowPxePatch } from './allow-pxe.ts';
import type { Facts } from './facts.ts';
import { installsOwner } from './installed-before.ts';
import type { Step } from './step.ts';

/** Label and annotation of Jobs that were made for a Workflow, as the original sets them. */
const autoCreated = { 'tink-controller-auto-created': 'true' };

/** Does one step. Each may be done twice without harm; what others changed meanwhile ends it with a conflict. */
export async function perform(client: Client, facts: Facts, step: Step, signal: AbortSignal): Promise<void> {
  const { workflow, hardware } = facts;
  const { namespace = '', name = '', uid } = workflow.metadata;
  const self: ObjectName = { namespace, name };
  switch (step.kind) {
    case 'wait':
      return;
    case 'setAllowPxe':
      if (hardware === undefined) return;
      await patchLatest(client, Hardware, hardware, (latest) => hardwarePatch(workflow, latest, step), { signal });
      return;
    case 'confirm':
      // Changes nothing, and is refused when the Workflow is not any more what was looked at.
      await client.mergePatch(
        Workflow,
        self,
        { metadata: { resourceVersion: workflow.metadata.resourceVersion } },
        { subresource: 'status', signal },
      );
      return;
    case 'createJob':
      await client.create(Job, jobOf(workflow, step), { signal });
      return;
    case 'deleteJob':
      await deleteJob(client, { namespace, name: step.name }, step.uid, signal);
      return;
    case 'mark':
      // The uid keeps the mark off another Workflow that has taken the name.
      await client.mergePatch(
        Workflow,
        self,
        { metadata: { uid, annotations: { [finishedAnnotation]: step.state } } },
        { signal },
      );
      return;
    case 'record': {
      const change = mergePatch({ status: workflow.status ?? {} }, { status: step.status });
      if (change === undefined) return;
      const { resourceVersion } = workflow.metadata;
      // Agents report into the same status: what was decided on an older one must not overwrite it.
      await client.mergePatch(
        Workflow,
        self,
        { ...change, metadata: { resourceVersion } },
        { subresource: 'status', signal },
      );
      return;
    }
  }
}

/** Whose host it is is looked at together with the rest: the mark is for the machine that was installed there alone. */
function hardwarePatch(
  workflow: Workflow,
  latest: Hardware,
  { value, installed }: Extract<Step, { kind: 'setAllowPxe' }>,
): object | undefined {
  const patch = allowPxePatch(latest, value);
  if (patch === undefined || !installed || !installsOwner(workflow, latest)) return patch;
  return { ...patch, metadata: { annotations: { [provisionedAnnotation]: 'true' } } };
}

function jobOf(workflow: Workflow, { name, machine, actions }: Extract<Step, { kind: 'createJob' }>): Job {
  const { namespace = '' } = workflow.metadata;
  const job: Job = {
    apiVersion: apiVersionOf(Job),
    kind: Job.kind,
    metadata: { namespace, name, labels: autoCreated, annotations: autoCreated },
    spec: { machineRef: { name: machine, namespace }, tasks: actions },
  };
  const owner = ownerReferenceTo(Workflow, workflow, job, { controller: true });
  return { ...job, metadata: { ...job.metadata, ownerReferences: [owner] } };
}

async function deleteJob(client: Client, name: ObjectName, uid: string, signal: AbortSignal): Promise<void> {
  try {
    await client.delete(Job, name, { preconditions: { uid }, propagationPolicy: 'Background', signal });
  } catch (error) {
    if (!isReason(error, 'NotFound')) throw error;
  }
}
