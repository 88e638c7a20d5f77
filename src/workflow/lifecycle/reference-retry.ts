import type { WorkflowStatus } from '../../api/tinkerbell/v1alpha1/workflow-status.ts';
import type { ReferenceFailure } from '../references/read-references.ts';
import type { Facts } from './facts.ts';
import { withCondition } from './workflow-conditions.ts';

/*
 * Nobody watches what Hardware refers to, so references that could not be had are looked at again, ever more rarely. The
 * conditions are all that is remembered: that of the rendering says since when it fails, that of the references when they
 * were looked at last, and for people when they will be next.
 */

/** The status with what came of the references, and until when to wait. Unchanged when the wait is still on. */
export function retryReferences(status: WorkflowStatus, facts: Facts): { status: WorkflowStatus; untilMs?: number } {
  const { references, nowMs } = facts;
  const failures = references?.failures ?? [];
  if (failures.length === 0) return { status: withReferences(status, facts) };
  const lookedMs = timeOf(status, 'ReferencesRead');
  if (lookedMs !== undefined) {
    const untilMs = nextLookMs(status, lookedMs, facts);
    const same = conditionOf(status, 'ReferencesRead')?.message === messageOf(failures, untilMs);
    if (same && nowMs < untilMs) return { status, untilMs };
  }
  // Whole seconds: the message is made again from the time that the server keeps.
  const atMs = Math.floor(nowMs / 1000) * 1000;
  const untilMs = nextLookMs(status, atMs, facts);
  const message = messageOf(failures, untilMs);
  const update = { type: 'ReferencesRead', status: 'False', reason: 'Retrying', message } as const;
  return { status: withCondition(status, update, atMs), untilMs };
}

/** The status of a rendered Workflow: what its Template did without is told, and what had been missing is not any more. */
export function withReferences(status: WorkflowStatus, { references, nowMs }: Facts): WorkflowStatus {
  const failures = references?.failures ?? [];
  if (failures.length > 0) {
    const message = `the template was rendered without: ${messagesOf(failures)}`;
    return withCondition(status, { type: 'ReferencesRead', status: 'False', reason: 'NotNeeded', message }, nowMs);
  }
  if (conditionOf(status, 'ReferencesRead') === undefined) return status;
  const message = 'everything that the Hardware refers to was read';
  return withCondition(status, { type: 'ReferencesRead', status: 'True', reason: 'Read', message }, nowMs);
}

export function messagesOf(failures: readonly ReferenceFailure[]): string {
  return failures.map(({ message }) => message).join('; ');
}

/** As long again as it has failed by now. */
function nextLookMs(status: WorkflowStatus, lookedMs: number, { referenceRetry, nowMs }: Facts): number {
  const { minSeconds, maxSeconds } = referenceRetry;
  const sinceMs = timeOf(status, 'TemplateRenderedSuccess') ?? Math.floor(nowMs / 1000) * 1000;
  return lookedMs + Math.min(Math.max(lookedMs - sinceMs, minSeconds * 1000), maxSeconds * 1000);
}

function messageOf(failures: readonly ReferenceFailure[], untilMs: number): string {
  return `${messagesOf(failures)}; next look at ${new Date(untilMs).toISOString()}`;
}

function conditionOf({ conditions = [] }: WorkflowStatus, type: string) {
  return conditions.find((condition) => condition.type === type);
}

/** When a condition was set, in whole seconds of the wall clock. */
function timeOf(status: WorkflowStatus, type: string): number | undefined {
  const ms = Date.parse(conditionOf(status, type)?.time ?? '');
  return Number.isNaN(ms) ? undefined : Math.floor(ms / 1000) * 1000;
}
