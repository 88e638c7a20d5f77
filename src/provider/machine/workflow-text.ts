import type { Workflow } from '../../api/tinkerbell/v1alpha1/workflow.ts';
import { stateOf } from '../../api/tinkerbell/v1alpha1/workflow-state.ts';
import { keyOf } from '../../kube/client/path.ts';
import type { Aspect } from './step.ts';

/** How far a Workflow is, as conditions of its machine. `note`: something else people should know. */
export function describeWorkflow(workflow: Workflow, note?: string): { rendered: Aspect; running: Aspect } {
  const key = keyOf(workflow.metadata);
  const tail = note === undefined ? '' : `; ${note}`;
  const rendering = workflow.status?.conditions?.find(({ type }) => type === 'TemplateRenderedSuccess');
  const rendered: Aspect = {
    type: 'TemplateRendered',
    status: rendering?.status === 'True' ? 'True' : rendering?.status === 'False' ? 'False' : 'Unknown',
    reason:
      rendering?.status === 'True' ? 'Rendered' : rendering?.status === 'False' ? 'RenderingFailed' : 'NotRendered',
    message: (rendering?.status === 'False' ? (rendering.message ?? '') : '') + tail.replace(/^; /, ''),
  };
  if (rendered.status === 'False') {
    const message = `Workflow ${key}: ${rendering?.message ?? 'its template cannot be rendered'}`;
    return { rendered, running: { type: 'WorkflowRunning', status: 'False', reason: 'RenderingFailed', message } };
  }
  const { status, reason, message } = stage(workflow);
  return {
    rendered,
    running: { type: 'WorkflowRunning', status, reason, message: `Workflow ${key}: ${message}${tail}` },
  };
}

function stage(workflow: Workflow): Pick<Aspect, 'status' | 'reason' | 'message'> {
  switch (stateOf(workflow.status?.state)) {
    case '':
      return { status: 'False', reason: 'Starting', message: 'has not begun' };
    case 'PREPARING':
      return { status: 'False', reason: 'Preparing', message: `the host is being booted${bootFailure(workflow)}` };
    case 'PENDING':
      return {
        status: 'False',
        reason: 'WaitingForAgent',
        message: `agent ${workflow.status?.agentID} has not called`,
      };
    case 'POST':
      return { status: 'True', reason: 'Finishing', message: 'actions are done, what follows the boot is going on' };
    default:
      return { status: 'True', reason: 'Running', message: currentAction(workflow) };
  }
}

function bootFailure({ status }: Workflow): string {
  const failed = status?.conditions?.find(({ type, status }) => /^BootJob.*Failed$/.test(type) && status === 'True');
  return failed === undefined ? '' : `: ${failed.message ?? failed.type}`;
}

/** `action 3 of 7, stream image`. */
function currentAction({ status }: Workflow): string {
  const actions = (status?.tasks ?? []).flatMap(({ actions }) => actions);
  const index = actions.findIndex(({ id }) => id === status?.currentState?.actionID);
  if (index < 0) return 'actions are running';
  return `action ${index + 1} of ${actions.length}, ${actions[index]?.name}`;
}

/** Why a Workflow did not succeed: its state and the action that ended it. */
export function failureOf({ status }: Workflow): string {
  const actions = (status?.tasks ?? []).flatMap(({ actions }) => actions);
  const culprit = actions.find(({ state }) => state === 'FAILED' || state === 'TIMEOUT');
  const state = stateOf(status?.state) || 'FAILED';
  if (culprit !== undefined) return `action ${culprit.name} ${culprit.state}: ${culprit.message || 'no message'}`;
  const condition = status?.conditions?.find(
    ({ type, status, reason }) =>
      (/Failed$/.test(type) && status === 'True') || (type === 'AgentStarted' && reason === 'TimedOut'),
  );
  return condition === undefined ? state : `${state}: ${condition.message ?? condition.type}`;
}
