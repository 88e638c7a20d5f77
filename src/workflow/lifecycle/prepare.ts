import type { WorkflowStatus } from '../../api/tinkerbell/v1alpha1/workflow-status.ts';
import { awaitingAgent } from './agent-awaited.ts';
import { bootJobProgress } from './boot-job.ts';
import { preparingJob } from './boot-mode.ts';
import type { Facts } from './facts.ts';
import { toggleStep } from './netboot-toggle.ts';
import type { Step } from './step.ts';
import { type WorkflowConditionType, withCondition } from './workflow-conditions.ts';

/** PREPARING: let the machine netboot, then boot it into the installer. */
export function prepare(facts: Facts): Step {
  const { workflow } = facts;
  const status = workflow.status ?? {};
  const { toggleAllowNetboot } = workflow.spec?.bootOptions ?? {};
  const wanted = preparingJob(facts);
  // Looked at before anything is touched: a machine that cannot be booted need not netboot either.
  if ('error' in wanted) return failed(facts, status, 'BootJobSetupFailed', wanted.error);
  if (toggleAllowNetboot) {
    const missing = hardwareMissing(facts);
    if (missing !== undefined) return failed(facts, status, 'AllowNetbootTrue', missing);
    const step = toggleStep(facts, status, true);
    if (step !== undefined) return step;
  }
  if (wanted.job !== undefined) {
    const progress = bootJobProgress(facts, status, wanted.job);
    if ('failed' in progress) return failed(facts, status, progress.condition, progress.failed);
    if ('step' in progress) return progress.step;
  }
  return { kind: 'record', status: awaitingAgent(status, facts.nowMs) };
}

function hardwareMissing({ workflow, hardware }: Facts): string | undefined {
  const { hardwareRef } = workflow.spec ?? {};
  if (!hardwareRef) return 'toggleAllowNetboot needs spec.hardwareRef';
  return hardware === undefined ? `hardware "${hardwareRef}" not found` : undefined;
}

/** FAILED, with the reason in a condition. */
export function failed({ nowMs }: Facts, status: WorkflowStatus, type: WorkflowConditionType, message: string): Step {
  // Conditions that name a failure are true when it happened; the others are false.
  const isFailure = type.endsWith('Failed');
  const update = { type, status: isFailure ? 'True' : 'False', reason: 'Error', message } as const;
  return { kind: 'record', status: withCondition({ ...status, state: 'FAILED' }, update, nowMs) };
}
