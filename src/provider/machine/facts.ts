import type { Job } from '../../api/bmc/v1alpha1/job.ts';
import type { Machine as BmcMachine } from '../../api/bmc/v1alpha1/machine.ts';
import type { Cluster } from '../../api/capi/v1beta2/cluster.ts';
import type { Machine } from '../../api/capi/v1beta2/machine.ts';
import type { TinkerbellCluster } from '../../api/infrastructure/v1beta1/tinkerbell-cluster.ts';
import type { TinkerbellMachine } from '../../api/infrastructure/v1beta1/tinkerbell-machine.ts';
import type { ObjectName } from '../../api/meta/object.ts';
import type { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import type { Template } from '../../api/tinkerbell/v1alpha1/template.ts';
import type { Workflow } from '../../api/tinkerbell/v1alpha1/workflow.ts';
import type { Candidate } from '../claim/predicate.ts';
import type { ProvisionOptions } from '../options.ts';

/** What is known when the next step of a TinkerbellMachine is decided; all of it from caches. */
export interface Facts {
  machine: TinkerbellMachine;
  /** The Machine that owns it. */
  owner: Machine | undefined;
  /** The Cluster it belongs to. */
  cluster: Cluster | undefined;
  /** The TinkerbellCluster of that Cluster. */
  infrastructure: TinkerbellCluster | undefined;
  /** Hardware whose labels say that this machine holds it. */
  held: readonly Hardware[];
  hardware(name: ObjectName): Hardware | undefined;
  /** The Hardware this machine could become, asked only when it needs one. */
  candidates(): Candidate[];
  bmc(name: ObjectName): BmcMachine | undefined;
  job(name: ObjectName): Job | undefined;
  template(name: ObjectName): Template | undefined;
  workflow(name: ObjectName): Workflow | undefined;
  /** The workflow template for the machine on that Hardware. */
  templateFor(hardware: Hardware): TemplateOutcome;
  /** Tinkerbell's objects are in another cluster: no owner reference leads there, and nobody collects them. */
  elsewhere: boolean;
  options: ProvisionOptions;
  /** Wall clock. */
  nowMs: number;
}

/** The text of a workflow template with where it comes from, or why there is none. */
export type TemplateOutcome = { data: string; source: string } | { problem: string };
