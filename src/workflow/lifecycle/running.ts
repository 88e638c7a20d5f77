import type { WorkflowStatus } from '../../api/tinkerbell/v1alpha1/workflow-status.ts';
import type { WorkflowAction, WorkflowTask } from '../../api/tinkerbell/v1alpha1/workflow-task.ts';
import type { Facts } from './facts.ts';
import { type Step, wait } from './step.ts';

/** RUNNING: watch the clock, and hand over to the agent of the next task. */
export function running(facts: Facts): Step {
  const { workflow, nowMs, actionGraceSeconds } = facts;
  const status = workflow.status ?? {};
  const limits = [globalLimit(status), actionLimit(status, actionGraceSeconds)].filter((limit) => limit !== undefined);
  const next = limits.sort((a, b) => a.atMs - b.atMs)[0];
  if (next !== undefined && nowMs >= next.atMs)
    return { kind: 'record', status: timedOut(status, next.message, nowMs) };
  const answeredMs = takenForAnswered(facts, status);
  const followed = follow(answeredMs !== undefined && nowMs >= answeredMs ? answered(status) : status);
  if (followed !== status) return { kind: 'record', status: followed };
  const untilMs = Math.min(next?.atMs ?? Number.POSITIVE_INFINITY, answeredMs ?? Number.POSITIVE_INFINITY);
  return wait(`agent ${status.agentID} is at work`, Number.isFinite(untilMs) ? untilMs : undefined);
}

/**
 * A service before us was killed when it was about to answer an agent. If that had no answer it soon asks again; one that
 * has not by this time is at work, and must not get the action again when it is restarted later.
 */
function takenForAnswered({ sinceMs, comebackSeconds }: Facts, status: WorkflowStatus): number | undefined {
  if (status.unansweredStart === undefined) return undefined;
  return Math.max(sinceMs, startOf(runningAction(status)) ?? 0) + comebackSeconds * 1000;
}

function answered({ unansweredStart: _, ...status }: WorkflowStatus): WorkflowStatus {
  return status;
}

interface Limit {
  atMs: number;
  message: string;
}

/** Keeps what follows from the tasks in step with them: whose turn it is, and when the time is over. */
function follow(status: WorkflowStatus): WorkflowStatus {
  const limit = globalLimit(status);
  const stop = limit === undefined ? undefined : new Date(limit.atMs).toISOString();
  const agentID = currentTask(status)?.agentID ?? status.agentID;
  // The server keeps whole seconds of a time.
  const sameStop = stop === undefined || Date.parse(status.globalExecutionStop ?? '') === Date.parse(stop);
  if (agentID === status.agentID && sameStop) return status;
  return { ...status, ...(agentID ? { agentID } : {}), ...(stop ? { globalExecutionStop: stop } : {}) };
}

/** The first task that is not done. */
function currentTask({ tasks = [] }: WorkflowStatus): WorkflowTask | undefined {
  return tasks.find(({ actions }) => actions.some(({ state }) => state !== 'SUCCESS'));
}

/** `globalTimeout` counts from the start of the first action; 0 or absent means no limit. */
function globalLimit({ globalTimeout = 0, tasks = [] }: WorkflowStatus): Limit | undefined {
  const startedMs = startOf(tasks[0]?.actions[0]);
  if (globalTimeout <= 0 || startedMs === undefined) return undefined;
  const message = `the workflow did not finish within its global timeout of ${globalTimeout} s`;
  return { atMs: startedMs + globalTimeout * 1000, message };
}

/** The agent ends an action in time; when it does not even say so it is gone. */
function actionLimit(status: WorkflowStatus, graceSeconds: number): Limit | undefined {
  const action = runningAction(status);
  const startedMs = startOf(action);
  const { timeout = 0, name } = action ?? {};
  if (timeout <= 0 || startedMs === undefined) return undefined;
  const message = `action ${name} did not end within its timeout of ${timeout} s, nor ${graceSeconds} s later`;
  return { atMs: startedMs + (timeout + graceSeconds) * 1000, message };
}

function runningAction({ tasks = [] }: WorkflowStatus): WorkflowAction | undefined {
  return tasks.flatMap(({ actions }) => actions).find(({ state }) => state === 'RUNNING');
}

function startOf(action: WorkflowAction | undefined): number | undefined {
  const startedMs = Date.parse(action?.executionStart ?? '');
  return Number.isNaN(startedMs) ? undefined : startedMs;
}

function timedOut(status: WorkflowStatus, message: string, nowMs: number): WorkflowStatus {
  const ended = runningAction(status);
  const executionStop = new Date(nowMs).toISOString();
  const tasks = (status.tasks ?? []).map((task) => ({
    ...task,
    actions: task.actions.map((action) =>
      action === ended ? { ...action, state: 'TIMEOUT', executionStop, message } : action,
    ),
  }));
  const { currentState } = status;
  return {
    ...answered(status),
    state: 'TIMEOUT',
    tasks,
    ...(currentState ? { currentState: { ...currentState, state: 'TIMEOUT' } } : {}),
  };
}
