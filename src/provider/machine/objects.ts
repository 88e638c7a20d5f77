import { Job } from '../../api/bmc/v1alpha1/job.ts';
import { TinkerbellMachine } from '../../api/infrastructure/v1beta1/tinkerbell-machine.ts';
import type { KubeObject, ObjectName } from '../../api/meta/object.ts';
import { apiVersionOf } from '../../api/meta/resource.ts';
import { agentWaitLimitAnnotation } from '../../api/tinkerbell/v1alpha1/agent-wait-limit.ts';
import { machineNameLabel, machineNamespaceLabel } from '../../api/tinkerbell/v1alpha1/machine-labels.ts';
import { Template } from '../../api/tinkerbell/v1alpha1/template.ts';
import { Workflow } from '../../api/tinkerbell/v1alpha1/workflow.ts';
import { ownerReferenceTo } from '../../kube/objects/owner-references.ts';
import { machineUidAnnotation } from '../names.ts';
import { instanceId } from './boot-options.ts';
import type { Facts } from './facts.ts';
import type { Step } from './step.ts';

/** Whose the object is. */
type Owner = Pick<Facts, 'machine' | 'elsewhere'>;
type Of<K extends Step['kind']> = Extract<Step, { kind: K }>;

/** The Template that a machine's Workflow uses. */
export function templateOf(owner: Owner, { name, data }: Of<'writeTemplate'>): Template {
  const template: Template = {
    apiVersion: apiVersionOf(Template),
    kind: Template.kind,
    metadata: name,
    spec: { data },
  };
  return belonging(owner, template);
}

/** The Workflow that installs or wipes the host of a machine. */
export function workflowOf(owner: Owner, step: Of<'createWorkflow'>): Workflow {
  const { name, hardware, template, bootOptions, agentWaitLimitSeconds = 0 } = step;
  const workflow: Workflow = {
    apiVersion: apiVersionOf(Workflow),
    kind: Workflow.kind,
    metadata: name,
    spec: {
      templateRef: template,
      hardwareRef: hardware.metadata.name ?? '',
      hardwareMap: { device_1: instanceId(hardware) },
      bootOptions,
    },
  };
  const made = belonging(owner, workflow);
  if (agentWaitLimitSeconds === 0) return made;
  const limit = { [agentWaitLimitAnnotation]: String(Math.ceil(agentWaitLimitSeconds)) };
  return { ...made, metadata: { ...made.metadata, annotations: { ...made.metadata.annotations, ...limit } } };
}

/** A Job on the BMC of the machine's host. */
export function jobOf(owner: Owner, { name, hardware, actions }: Of<'createJob'>): Job {
  const { namespace = '' } = hardware.metadata;
  const job: Job = {
    apiVersion: apiVersionOf(Job),
    kind: Job.kind,
    metadata: name,
    spec: { machineRef: { name: hardware.spec?.bmcRef?.name ?? '', namespace }, tasks: actions },
  };
  return belonging(owner, job);
}

/** Marks an object as the machine's: by labels, by UID, and where they share a namespace by an owner reference. */
function belonging<T extends KubeObject>({ machine, elsewhere }: Owner, object: T): T {
  const { namespace = '', name = '', uid = '' } = machine.metadata;
  const metadata: ObjectName & KubeObject['metadata'] = {
    ...(object.metadata as ObjectName),
    labels: { [machineNameLabel]: name, [machineNamespaceLabel]: namespace },
    annotations: { [machineUidAnnotation]: uid },
  };
  const made = { ...object, metadata };
  if (elsewhere || metadata.namespace !== namespace) return made;
  const owner = ownerReferenceTo(TinkerbellMachine, machine, made, { controller: true });
  return { ...made, metadata: { ...metadata, ownerReferences: [owner] } };
}
