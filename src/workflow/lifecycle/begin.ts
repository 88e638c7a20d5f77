import type { WorkflowStatus } from '../../api/tinkerbell/v1alpha1/workflow-status.ts';
import { awaitingAgent } from './agent-awaited.ts';
import type { Facts } from './facts.ts';
import { initialStatus, type RenderOutcome } from './render.ts';
import { type Step, wait } from './step.ts';
import { withCondition } from './workflow-conditions.ts';

/** A Workflow to which nothing has happened: render its Template, or say why that is not possible. */
export function begin(facts: Facts): Step {
  const { workflow, nowMs } = facts;
  const status = workflow.status ?? {};
  const outcome = rendering(facts);
  if ('error' in outcome) {
    const update = {
      type: 'TemplateRenderedSuccess',
      status: 'False',
      reason: 'Error',
      message: outcome.error,
    } as const;
    const failed = withCondition(status, update, nowMs);
    const unchanged = failed === status && status.templateRendering === 'failed';
    return unchanged ? wait(outcome.error) : { kind: 'record', status: { ...failed, templateRendering: 'failed' } };
  }
  const fresh = initialStatus(workflow.metadata.uid ?? '', outcome.rendered);
  if (workflow.spec?.disabled) return disabled(status, fresh.agentID);
  const { toggleAllowNetboot, bootMode } = workflow.spec?.bootOptions ?? {};
  const state = toggleAllowNetboot || bootMode ? 'PREPARING' : 'PENDING';
  const message = 'template rendered successfully';
  const update = { type: 'TemplateRenderedSuccess', status: 'True', reason: 'Complete', message } as const;
  const rendered = withCondition({ ...status, ...fresh, state }, update, nowMs);
  return { kind: 'record', status: state === 'PENDING' ? awaitingAgent(rendered, nowMs) : rendered };
}

/** A disabled Workflow shows for which agent it is, and nothing else. */
function disabled(status: WorkflowStatus, agentID: string | undefined): Step {
  if (agentID === undefined || status.agentID === agentID) return wait('spec.disabled is true');
  return { kind: 'record', status: { ...status, agentID } };
}

function rendering(facts: Facts): RenderOutcome {
  const { workflow, template, hardware } = facts;
  const { templateRef = '', hardwareRef } = workflow.spec ?? {};
  if (template === undefined) return { error: `template not found: ${templateRef || '(spec.templateRef is empty)'}` };
  if (hardwareRef && hardware === undefined) return { error: `hardware not found: ${hardwareRef}` };
  const outcome = facts.render(template, hardware);
  return 'error' in outcome ? { error: `error rendering template: ${outcome.error}` } : outcome;
}
