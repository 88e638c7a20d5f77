import type { ActionResponse } from '../../api/agent-protocol/workflow.generated.ts';
import { finishedMark } from '../../api/tinkerbell/v1alpha1/finished-mark.ts';
import type { Workflow } from '../../api/tinkerbell/v1alpha1/workflow.ts';
import { stateOf, type WorkflowState } from '../../api/tinkerbell/v1alpha1/workflow-state.ts';
import type { WorkflowAction } from '../../api/tinkerbell/v1alpha1/workflow-task.ts';
import { keyOf } from '../../kube/client/path.ts';
import { actionResponse } from './action-response.ts';
import { actionStateOf } from './action-state.ts';
import type { Refusal } from './refusal.ts';
import { type Turn, turnOf } from './turn.ts';

/** What an agent gets when it asks. */
export type NextAction =
  | { readonly kind: 'action'; readonly workflow: Workflow; readonly turn: Turn; readonly response: ActionResponse }
  | ({ readonly kind: 'wait'; readonly underWay?: UnderWay } & Refusal);

/** The action that this agent has begun and not ended, which is why it gets nothing. */
export interface UnderWay {
  readonly workflow: Workflow;
  readonly action: WorkflowAction;
}

/** What is known beside the Workflows. */
export interface Asked {
  readonly nowMs: number;
  /** Whether this process told the agent that this action may begin, or is about to. */
  readonly told: (workflow: Workflow, actionId: string) => boolean;
}

/**
 * What `agentId` is to do next, from the Workflows that concern it. What is under way comes before what has not begun, and
 * the oldest first. Handing out changes nothing: until the agent says that it begins it may ask again, and gets the same;
 * from then on nobody gets it any more, unless the agent cannot have heard that it may begin.
 */
export function nextAction(workflows: readonly Workflow[], agentId: string, asked: Asked): NextAction {
  let reason: Refusal = { code: 'NotFound', reason: 'no Workflows found' };
  let underWay: UnderWay | undefined;
  const candidates = workflows.filter((workflow) => concerns(workflow, agentId)).sort(inOrder);
  for (const [index, workflow] of candidates.entries()) {
    const verdict = judge(workflow, agentId, asked);
    if ('turn' in verdict) {
      return {
        kind: 'action',
        workflow,
        turn: verdict.turn,
        response: actionResponse(workflow, verdict.turn, asked.nowMs),
      };
    }
    if (index === 0) reason = verdict;
    // It may be half through: nothing else may begin on this machine.
    if (verdict.blocks !== undefined) {
      underWay = { workflow, action: verdict.blocks };
      break;
    }
  }
  return { kind: 'wait', code: reason.code, reason: reason.reason, ...(underWay === undefined ? {} : { underWay }) };
}

type Verdict = { turn: Turn } | (Refusal & { blocks?: WorkflowAction });

function judge(workflow: Workflow, agentId: string, { told }: Asked): Verdict {
  const { metadata, spec, status = {} } = workflow;
  const state = stateOf(status.state);
  if (metadata.deletionTimestamp !== undefined) return notNow('Workflow is being deleted');
  if (spec?.disabled) return notNow('Workflow is disabled');
  if (state === 'PREPARING') return notNow('Workflow is in preparing state');
  if (status.tasks === undefined || status.tasks.length === 0) {
    return { code: 'NotFound', reason: 'no Tasks found in Workflow' };
  }
  // A restored backup may say PENDING of what has ended long ago.
  const open = (state === 'PENDING' || state === 'RUNNING') && finishedMark(metadata) === undefined;
  if (!open) return notNow('Workflow not in pending or running state');
  return judgeTurn(turnOf(status), agentId, ({ id }) => status.unansweredStart === id && !told(workflow, id));
}

function judgeTurn(turn: Turn | undefined, agentId: string, unheard: (action: WorkflowAction) => boolean): Verdict {
  if (turn === undefined) return { code: 'NotFound', reason: 'no Actions found' };
  const { task, action } = turn;
  if (task.agentID !== agentId) {
    return { code: 'NotFound', reason: `Task not assigned to Agent: task ${task.name} of another comes first` };
  }
  const state = actionStateOf(action);
  // One that runs does not ask, and one that heard nothing of its start has dropped the action.
  if (state === 'PENDING' || (state === 'RUNNING' && unheard(action))) return { turn };
  return state === 'RUNNING'
    ? { ...notNow(`Action ${action.name} was reported as started and has not ended`), blocks: action }
    : notNow(`Action ${action.name} has ended with ${state}`);
}

function notNow(reason: string): Refusal {
  return { code: 'FailedPrecondition', reason };
}

function concerns({ status }: Workflow, agentId: string): boolean {
  return status?.agentID === agentId || (status?.tasks ?? []).some(({ agentID }) => agentID === agentId);
}

/** What keeps an agent waiting is named by the first of its Workflows in this order. */
const ranks: readonly WorkflowState[] = ['RUNNING', 'PENDING', 'PREPARING', '', 'POST', 'FAILED', 'TIMEOUT', 'SUCCESS'];

function inOrder(a: Workflow, b: Workflow): number {
  return (
    rankOf(a) - rankOf(b) ||
    compare(a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? '') ||
    compare(keyOf(a.metadata), keyOf(b.metadata))
  );
}

function rankOf({ status }: Workflow): number {
  return ranks.indexOf(stateOf(status?.state));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
