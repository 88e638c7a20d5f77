import type { Timestamp } from '../../api/agent-protocol/google/protobuf/timestamp.generated.ts';
import { type ActionStatusRequest, StateType } from '../../api/agent-protocol/workflow.generated.ts';
import type { ObjectName } from '../../api/meta/object.ts';
import type { EndState } from './action-state.ts';
import { checkId } from './limits.ts';
import { type Progress, readProgress } from './progress.ts';
import type { Refusal } from './refusal.ts';

/** What an agent says about one of its actions. */
export interface Report {
  readonly agentId: string;
  readonly actionId: string;
  readonly state: 'RUNNING' | EndState;
  /** By the clock of the agent; absent when it gave none. */
  readonly startMs?: number;
  readonly stopMs?: number;
  /** As Go writes durations. */
  readonly duration?: string;
  readonly message?: string;
  /** The agent repeats the report of a start until it is answered. */
  readonly repeatsStart?: boolean;
  /** How far an action is that runs; the report says nothing else. */
  readonly progress?: Progress;
  /** With SUCCESS: the agent takes the action that follows with the answer, as begun, and reports again until it has that. */
  readonly beginsNext?: boolean;
}

const states: Readonly<Record<number, Report['state']>> = {
  [StateType.STATE_TYPE_RUNNING]: 'RUNNING',
  [StateType.STATE_TYPE_SUCCESS]: 'SUCCESS',
  [StateType.STATE_TYPE_FAILED]: 'FAILED',
  [StateType.STATE_TYPE_TIMEOUT]: 'TIMEOUT',
};

const maxMessageCharacters = 1024;

/** Reads a report; the words of the refusals are those of the original. */
export function readReport(request: ActionStatusRequest): { workflow: ObjectName; report: Report } | Refusal {
  const { workflowId = '', taskId = '', actionId = '', agentId = '', actionState, message } = request;
  const refusal =
    checkId(workflowId, 'invalid workflow id') ??
    checkId(taskId, 'invalid task name') ??
    checkId(actionId, 'invalid action name') ??
    checkId(agentId, 'invalid Agent ID') ??
    checkLength(request.executionDuration, 'invalid execution duration');
  if (refusal !== undefined) return refusal;
  const workflow = workflowName(workflowId);
  if (workflow === undefined) return { code: 'InvalidArgument', reason: 'invalid workflow id: not namespace/name' };
  const state = states[actionState ?? 0];
  if (state === undefined) return { code: 'InvalidArgument', reason: 'invalid action state' };
  const startMs = instant(request.executionStart);
  const stopMs = instant(request.executionStop);
  const text = message?.message?.slice(0, maxMessageCharacters);
  const report: Report = {
    agentId,
    actionId,
    state,
    ...(startMs === undefined ? {} : { startMs }),
    ...(stopMs === undefined ? {} : { stopMs }),
    ...(request.executionDuration ? { duration: request.executionDuration } : {}),
    ...(text ? { message: text } : {}),
    ...(request.repeatsStart ? { repeatsStart: true } : {}),
    ...(request.progress && state === 'RUNNING' ? { progress: readProgress(request.progress) } : {}),
    ...(request.beginsNext && state === 'SUCCESS' ? { beginsNext: true } : {}),
  };
  return { workflow, report };
}

/** Namespace and name as Kubernetes allows them; anything else could not be asked for. */
function workflowName(id: string): ObjectName | undefined {
  const [, namespace, name] = /^([a-z0-9-]{1,63})\/([a-z0-9.-]{1,253})$/.exec(id) ?? [];
  return namespace === undefined || name === undefined || /^\.+$/.test(name) ? undefined : { namespace, name };
}

function checkLength(text: string | undefined, reason: string): Refusal | undefined {
  return (text?.length ?? 0) > 64 ? { code: 'InvalidArgument', reason: `${reason}: too long` } : undefined;
}

/** Agents send the zero time of Go, which is in the year 1, for "not yet". */
function instant(timestamp: Timestamp | undefined): number | undefined {
  if (timestamp === undefined || timestamp.seconds <= 0) return undefined;
  const ms = timestamp.seconds * 1000 + Math.trunc(timestamp.nanos / 1e6);
  return ms <= latestMs ? ms : undefined;
}

/** The end of the year 9999: RFC 3339 goes no further. */
const latestMs = Date.UTC(10_000, 0, 1) - 1;
