import { timestamp } from '../../api/time/timestamp.ts';
import type { WorkflowAction } from '../../api/tinkerbell/v1alpha1/workflow-task.ts';
import type { Report } from './report.ts';

type Times = Pick<WorkflowAction, 'executionStart' | 'executionStop' | 'executionDuration'>;

/** Machines without a battery live in another year; a clock as far off as this is not believed. */
const believedSkewMs = 60_000;

/** Longer than any action takes. */
const longestMs = 7 * 24 * 60 * 60 * 1000;

/**
 * When an action began and ended. Timeouts are counted from the start, so it is once recorded by our clock (or an agent's
 * that agrees with it) and then stays.
 */
export function executionTimes(action: WorkflowAction, report: Report, nowMs: number): Times {
  const { startMs = Number.NaN, stopMs = Number.NaN, duration } = report;
  const recordedMs = Date.parse(action.executionStart ?? '');
  if (report.state === 'RUNNING') {
    const believed = Math.abs(startMs - nowMs) <= believedSkewMs;
    return { executionStart: timestamp(believed ? startMs : nowMs) };
  }
  const endMs = isWithin(stopMs, earliestEnd(recordedMs, nowMs), nowMs + believedSkewMs) ? stopMs : nowMs;
  const beganMs = Number.isNaN(recordedMs) ? startBefore(endMs, startMs) : recordedMs;
  return {
    executionStart: timestamp(beganMs),
    executionStop: timestamp(Math.max(beganMs, endMs)),
    ...(duration === undefined ? {} : { executionDuration: duration }),
  };
}

/** A report may come long after its action, but the action did not end before it began. */
function earliestEnd(recordedMs: number, nowMs: number): number {
  return (Number.isNaN(recordedMs) ? nowMs : recordedMs) - believedSkewMs;
}

/** The agent's word, but not that of a clock that was set while the action ran. */
function startBefore(endMs: number, startMs: number): number {
  return isWithin(startMs, endMs - longestMs, endMs) ? startMs : endMs;
}

function isWithin(ms: number, fromMs: number, toMs: number): boolean {
  return ms >= fromMs && ms <= toMs;
}
