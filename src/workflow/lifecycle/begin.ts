import type { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import type { WorkflowStatus } from '../../api/tinkerbell/v1alpha1/workflow-status.ts';
import { awaitingAgent } from './agent-awaited.ts';
import type { Facts } from './facts.ts';
import { messagesOf, retryReferences, withReferences } from './reference-retry.ts';
import { initialStatus, type RenderOutcome } from './render.ts';
import { type Decision, type Step, wait } from './step.ts';
import { withCondition } from './workflow-conditions.ts';

/** A Workflow to which nothing has happened: render its Template, or say why that is not possible. */
export function begin(facts: Facts): Decision {
  const { workflow, nowMs } = facts;
  const status = workflow.status ?? {};
  const outcome = rendering(facts);
  if ('kind' in outcome) return outcome;
  if ('error' in outcome) return notRendered(facts, outcome.error);
  const fresh = initialStatus(workflow.metadata.uid ?? '', outcome.rendered);
  if (workflow.spec?.disabled) return disabled(status, fresh.agentID);
  const { toggleAllowNetboot, bootMode } = workflow.spec?.bootOptions ?? {};
  const state = toggleAllowNetboot || bootMode ? 'PREPARING' : 'PENDING';
  const message = 'template rendered successfully';
  const update = { type: 'TemplateRenderedSuccess', status: 'True', reason: 'Complete', message } as const;
  const read = withReferences(status, facts);
  const rendered = withCondition({ ...read, ...fresh, state }, update, nowMs);
  return { kind: 'record', status: state === 'PENDING' ? awaitingAgent(rendered, nowMs) : rendered };
}

/** A disabled Workflow shows for which agent it is, and nothing else. */
function disabled(status: WorkflowStatus, agentID: string | undefined): Step {
  if (agentID === undefined || status.agentID === agentID) return wait('spec.disabled is true');
  return { kind: 'record', status: { ...status, agentID } };
}

/** Says once why there is nothing to do; tries again by itself only where no watch would tell that it is worth it. */
function notRendered(facts: Facts, error: string): Step {
  const { workflow, nowMs } = facts;
  const status = workflow.status ?? {};
  const update = { type: 'TemplateRenderedSuccess', status: 'False', reason: 'Error', message: error } as const;
  const failed = { ...withCondition(status, update, nowMs), templateRendering: 'failed' };
  const retry = retryReferences(failed, facts);
  const known = status.templateRendering === 'failed' && failed.conditions === status.conditions;
  if (known && retry.status.conditions === failed.conditions) return wait(error, retry.untilMs);
  return { kind: 'record', status: retry.status };
}

function rendering(facts: Facts): RenderOutcome | Extract<Decision, { kind: 'readReferences' }> {
  const { workflow, template, hardware, references } = facts;
  const { templateRef = '', hardwareRef } = workflow.spec ?? {};
  if (template === undefined) return { error: `template not found: ${templateRef || '(spec.templateRef is empty)'}` };
  if (hardwareRef && hardware === undefined) return { error: `hardware not found: ${hardwareRef}` };
  if (hardware !== undefined && hasReferences(hardware) && references?.hardware !== hardware) {
    return { kind: 'readReferences', hardware };
  }
  const { objects = {}, failures = [] } = references ?? {};
  const passing = failures.filter((failure) => failure.passing);
  // Rendering without what is there but cannot be read now could make another workflow of it.
  if (passing.length > 0) return { error: `error reading references: ${messagesOf(passing)}` };
  const outcome = facts.render(template, hardware, objects);
  if (!('error' in outcome)) return outcome;
  const absent = failures.length === 0 ? '' : `; not there: ${messagesOf(failures)}`;
  return { error: `error rendering template: ${outcome.error}${absent}` };
}

function hasReferences({ spec }: Hardware): boolean {
  return Object.keys(spec?.references ?? {}).length > 0;
}
