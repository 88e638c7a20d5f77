import { Job } from './bmc/v1alpha1/job.ts';
import { Machine } from './bmc/v1alpha1/machine.ts';
import { Task } from './bmc/v1alpha1/task.ts';
import { TinkerbellCluster } from './infrastructure/v1beta1/tinkerbell-cluster.ts';
import { TinkerbellClusterTemplate } from './infrastructure/v1beta1/tinkerbell-cluster-template.ts';
import { TinkerbellMachine } from './infrastructure/v1beta1/tinkerbell-machine.ts';
import { TinkerbellMachineTemplate } from './infrastructure/v1beta1/tinkerbell-machine-template.ts';
import type { Kind } from './meta/kind.ts';
import { Hardware } from './tinkerbell/v1alpha1/hardware.ts';
import { Template } from './tinkerbell/v1alpha1/template.ts';
import { Workflow } from './tinkerbell/v1alpha1/workflow.ts';
import { WorkflowRuleSet } from './tinkerbell/v1alpha1/workflow-rule-set.ts';

/** Every kind that this project defines, in the order of the documentation. */
export const kinds: readonly Kind[] = [
  Hardware,
  Template,
  Workflow,
  WorkflowRuleSet,
  Machine,
  Job,
  Task,
  TinkerbellCluster,
  TinkerbellClusterTemplate,
  TinkerbellMachine,
  TinkerbellMachineTemplate,
];
