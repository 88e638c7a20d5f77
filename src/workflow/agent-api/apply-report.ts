import { timestamp } from '../../api/time/timestamp.ts';
import { finishedMark } from '../../api/tinkerbell/v1alpha1/finished-mark.ts';
import type { Workflow } from '../../api/tinkerbell/v1alpha1/workflow.ts';
import { isFinal, stateOf } from '../../api/tinkerbell/v1alpha1/workflow-state.ts';
import type { WorkflowStatus } from '../../api/tinkerbell/v1alpha1/workflow-status.ts';
import type { WorkflowAction, WorkflowTask } from '../../api/tinkerbell/v1alpha1/workflow-task.ts';
import { agentArrived } from '../lifecycle/agent-awaited.ts';
import { actionStateOf, isEnd } from './action-state.ts';
import { executionTimes } from './execution-times.ts';
import type { Refusal } from './refusal.ts';
import type { Report } from './report.ts';
import { currentStateOf, findAction, type Turn, turnOf } from './turn.ts';

/** Fields of a status to replace; `null` removes one. */
export type StatusChanges = { [Field in keyof WorkflowStatus]: WorkflowStatus[Field] | null };

/** What follows from a report; `begins`: the action that the agent begins with the answer. */
export type Outcome =
  /** These fields of the status change. */
  | { readonly kind: 'record'; readonly changes: StatusChanges; readonly begins?: Turn }
  /** Known already, or too late to matter: the agent is told that all is well, and nothing is written. */
  | { readonly kind: 'known'; readonly reason: string; readonly begins?: Turn }
  | ({ readonly kind: 'refuse' } & Refusal);

/**
 * What a report changes. It may come twice, late or out of order; what has ended stays as it is, and only the action whose
 * turn it is can begin or end. A refused RUNNING keeps the agent from running the action.
 *
 * An agent that `beginsNext` has the start of the action that follows recorded in the same write. It reports until it is
 * answered, and begins nothing before: whoever reports the end again has not begun what follows, and is given it again.
 */
export function applyReport(workflow: Workflow, report: Report, nowMs: number): Outcome {
  const { metadata, status = {} } = workflow;
  // Gone for good, so that the agent stops reporting.
  if (metadata.deletionTimestamp !== undefined) return refuse('NotFound', 'Workflow is being deleted');
  const turn = findAction(status, report.agentId, report.actionId);
  if (turn === undefined) return refuse('NotFound', 'action not found');
  return ended(workflow) ? afterTheEnd(turn, report) : whileOpen(workflow, turn, report, nowMs);
}

function ended({ metadata, status }: Workflow): boolean {
  const state = stateOf(status?.state);
  return isFinal(state) || state === 'POST' || finishedMark(metadata) !== undefined;
}

function afterTheEnd({ action }: Turn, report: Report): Outcome {
  // The agent has it from before the end, and must not begin now.
  const begins = report.state === 'RUNNING' && actionStateOf(action) === 'PENDING';
  if (begins) return refuse('FailedPrecondition', 'Workflow not in pending or running state');
  return { kind: 'known', reason: 'Workflow has ended' };
}

function whileOpen({ spec, status = {} }: Workflow, turn: Turn, report: Report, nowMs: number): Outcome {
  const before = actionStateOf(turn.action);
  if (isEnd(before)) {
    const reason = `Action has ended with ${before}`;
    const begins = report.beginsNext ? begunAfter(status, turn, report) : undefined;
    return begins === undefined ? { kind: 'known', reason } : { kind: 'known', reason, begins };
  }
  if (before === report.state) return { kind: 'known', reason: 'Action is known to run' };
  const state = stateOf(status.state);
  if (state !== 'PENDING' && state !== 'RUNNING') {
    return refuse('FailedPrecondition', 'Workflow not in pending or running state');
  }
  const due = turnOf(status)?.action;
  if (due !== turn.action) {
    return refuse('FailedPrecondition', `Action ${turn.action.name} was not handed out: ${due?.name} comes first`);
  }
  const changes = changesOf(status, turn, report, nowMs);
  const next = report.beginsNext && !spec?.disabled ? turnOf({ tasks: changes.tasks ?? [] }) : undefined;
  if (next === undefined || next.task.agentID !== report.agentId || actionStateOf(next.action) !== 'PENDING') {
    return { kind: 'record', changes };
  }
  const begins = { task: next.task, action: { ...next.action, state: 'RUNNING', executionStart: timestamp(nowMs) } };
  const tasks = withAction(changes.tasks ?? [], next, begins.action);
  return { kind: 'record', changes: { ...changes, tasks, currentState: currentStateOf(begins, 'RUNNING') }, begins };
}

/** The action right behind that of `turn`, if it runs: it began with the end of that, whose answer was lost. */
function begunAfter(status: WorkflowStatus, turn: Turn, { agentId }: Report): Turn | undefined {
  const due = turnOf(status);
  const actions = (status.tasks ?? []).flatMap((task) => task.actions);
  const follows = due !== undefined && actions.indexOf(due.action) === actions.indexOf(turn.action) + 1;
  return follows && due.task.agentID === agentId && actionStateOf(due.action) === 'RUNNING' ? due : undefined;
}

function withAction(tasks: readonly WorkflowTask[], { task, action }: Turn, changed: WorkflowAction): WorkflowTask[] {
  return tasks.map((each) =>
    each === task ? { ...each, actions: each.actions.map((old) => (old === action ? changed : old)) } : each,
  );
}

function changesOf(status: WorkflowStatus, turn: Turn, report: Report, nowMs: number): StatusChanges {
  const action: WorkflowAction = {
    ...turn.action,
    state: report.state,
    ...executionTimes(turn.action, report, nowMs),
    ...messageOf(turn.action, report),
  };
  const tasks = withAction(status.tasks ?? [], turn, action);
  // Whose turn it is next is written along: the controller need not follow with a write of its own.
  const next = turnOf({ tasks });
  return {
    state: workflowState(report, next),
    currentState: currentStateOf({ task: turn.task, action }, report.state),
    tasks,
    ...(next === undefined || next.task.agentID === status.agentID ? {} : { agentID: next.task.agentID }),
    ...arrival(status, nowMs),
    ...unansweredStart(status, turn, report),
    // How far it came says something of an action that failed, and nothing of the next.
    ...(status.progress !== undefined && report.state !== 'FAILED' && report.state !== 'TIMEOUT'
      ? { progress: null }
      : {}),
    ...globalStop({ ...status, tasks }),
  };
}

function arrival(status: WorkflowStatus, nowMs: number): StatusChanges {
  const { conditions } = agentArrived(status, nowMs);
  return conditions === undefined || conditions === status.conditions ? {} : { conditions };
}

/**
 * An agent of the original drops an action when the report of its start fails, and asks anew. Until it is sure that it
 * got the answer, the status says so, and a service that was killed in between hands the action out again.
 */
function unansweredStart(status: WorkflowStatus, { action }: Turn, report: Report): StatusChanges {
  if (report.state === 'RUNNING' && !report.repeatsStart) return { unansweredStart: action.id };
  return status.unansweredStart === undefined ? {} : { unansweredStart: null };
}

function workflowState({ state }: Report, next: Turn | undefined): string {
  if (state !== 'SUCCESS') return state;
  return next === undefined ? 'POST' : 'RUNNING';
}

/** The limit of the whole Workflow begins with its first action. */
function globalStop({ globalTimeout = 0, globalExecutionStop, tasks }: WorkflowStatus): WorkflowStatus {
  const startMs = Date.parse(tasks?.[0]?.actions[0]?.executionStart ?? '');
  if (globalTimeout <= 0 || globalExecutionStop !== undefined || Number.isNaN(startMs)) return {};
  return { globalExecutionStop: timestamp(startMs + globalTimeout * 1000) };
}

/** What agents of the original say whatever the outcome. */
const noNews = 'action completed';

function messageOf({ name, timeout }: WorkflowAction, { state, message }: Report): { message?: string } {
  const detail = message === undefined || message === noNews ? '' : `: ${message}`;
  if (state === 'FAILED') return { message: `action ${name} failed${detail}` };
  if (state === 'TIMEOUT') {
    const limit =
      timeout !== undefined && timeout > 0 ? `its timeout of ${timeout} s` : 'the time that was left for it';
    return { message: `action ${name} did not end within ${limit}${detail}` };
  }
  return message === undefined ? {} : { message };
}

function refuse(code: Refusal['code'], reason: string): Outcome {
  return { kind: 'refuse', code, reason };
}
