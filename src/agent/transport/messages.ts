import type { Timestamp } from '../../api/agent-protocol/google/protobuf/timestamp.generated.ts';
import {
  type ActionResponse,
  type ActionStatusRequest,
  StateType,
} from '../../api/agent-protocol/workflow.generated.ts';
import type { Environment } from '../actions/action.ts';
import { durationText } from '../loop/duration.ts';
import type { ActionReport, HandedAction } from '../loop/workflow-server.ts';

/** Reads what the server hands out. @returns what is wrong with it, as words, when it makes no sense */
export function handedAction(response: ActionResponse, agentId: string): HandedAction | string {
  const { workflowId = '', taskId = '', actionId = '', name = '', image = '', timeout = 0, command } = response;
  const missing = Object.entries({ workflow_id: workflowId, task_id: taskId, action_id: actionId, image })
    .filter(([, value]) => value === '')
    .map(([field]) => field);
  if (missing.length > 0) return `it has no ${missing.join(', ')}`;
  if (response.agentId !== undefined && response.agentId !== '' && response.agentId !== agentId) {
    return `it is for agent ${response.agentId.slice(0, 100)}`;
  }
  const environment = environmentOf(response.environment);
  const timeoutSeconds = Math.max(0, timeout);
  const identity = { workflowId, taskId, agentId, actionId, name: name || actionId };
  const { acceptsProgress = false } = response;
  return { ...identity, image, timeoutSeconds, command, environment, acceptsProgress };
}

/** `name=value`, split at the first `=`; the last of a name wins, and `__proto__` is a name like others. */
function environmentOf(entries: readonly string[]): Environment {
  return Object.fromEntries(
    entries.map((entry) => {
      const at = entry.indexOf('=');
      return at < 0 ? [entry, ''] : [entry.slice(0, at), entry.slice(at + 1)];
    }),
  );
}

const states: Record<ActionReport['state'], StateType> = {
  RUNNING: StateType.STATE_TYPE_RUNNING,
  SUCCESS: StateType.STATE_TYPE_SUCCESS,
  FAILED: StateType.STATE_TYPE_FAILED,
  TIMEOUT: StateType.STATE_TYPE_TIMEOUT,
};

/** A report as the original's agent writes it, but with the time of the start from the start on. */
export function reportMessage(report: ActionReport): ActionStatusRequest {
  const { action, state, startMs, stopMs, message, progress } = report;
  return {
    workflowId: action.workflowId,
    taskId: action.taskId,
    agentId: action.agentId,
    actionId: action.actionId,
    actionName: action.name,
    actionState: states[state],
    executionStart: timestamp(startMs),
    executionStop: stopMs === undefined ? undefined : timestamp(stopMs),
    executionDuration: stopMs === undefined ? '' : durationText(stopMs - startMs),
    message: { message },
    repeatsStart: true,
    beginsNext: report.beginsNext,
    progress: progress && {
      bytes: progress.bytes,
      totalBytes: progress.totalBytes,
      bytesPerSecond: progress.bytesPerSecond,
      etaSeconds: progress.secondsLeft,
    },
  };
}

function timestamp(ms: number): Timestamp {
  const seconds = Math.floor(ms / 1000);
  return { seconds, nanos: Math.round((ms - seconds * 1000) * 1e6) };
}
