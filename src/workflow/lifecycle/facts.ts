import type { Job } from '../../api/bmc/v1alpha1/job.ts';
import type { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import type { Template } from '../../api/tinkerbell/v1alpha1/template.ts';
import type { Workflow } from '../../api/tinkerbell/v1alpha1/workflow.ts';
import type { ReferencesRead } from '../references/read-references.ts';
import type { RenderOutcome } from './render.ts';

/** What is known when the next step of a Workflow is decided. */
export interface Facts {
  workflow: Workflow;
  /** The Template that the Workflow names. */
  template: Template | undefined;
  /** The Hardware that the Workflow names. */
  hardware: Hardware | undefined;
  /** The bmc Job of that name in the Workflow's namespace. */
  job(name: string): Job | undefined;
  /** UID of the Job of that name that this process has seen to be the Workflow's, even if it is gone since. */
  madeJob(name: string): string | undefined;
  /** What became of the references of the Hardware; `undefined` while nobody has looked. */
  references: ReferencesRead | undefined;
  /** Wait before references that could not be had are looked at again: first, and longest. */
  referenceRetry: { readonly minSeconds: number; readonly maxSeconds: number };
  /** Renders the template for this Workflow, with those objects as `.references`. */
  render(
    template: Template,
    hardware: Hardware | undefined,
    references: Readonly<Record<string, unknown>>,
  ): RenderOutcome;
  /** Renders a text in a boot option (a media URL) with the Hardware's spec as `.Hardware`. */
  renderBootText(text: string, hardware: Hardware): { text: string } | { error: string };
  /** Wall clock. */
  nowMs: number;
  /** How much longer than its timeout an action may run before the agent counts as dead. */
  actionGraceSeconds: number;
  /** Since when this process looks. */
  sinceMs: number;
  /** How long after we are back agents that had no answer need to ask again. */
  comebackSeconds: number;
}
