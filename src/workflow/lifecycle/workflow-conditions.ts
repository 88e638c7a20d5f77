import type { WorkflowCondition, WorkflowStatus } from '../../api/tinkerbell/v1alpha1/workflow-status.ts';

export type WorkflowConditionType =
  | 'BootJobFailed'
  | 'BootJobComplete'
  | 'BootJobRunning'
  | 'BootJobSetupFailed'
  | 'BootJobSetupComplete'
  | 'AllowNetbootTrue'
  | 'AllowNetbootFalse'
  | 'TemplateRenderedSuccess'
  /** Ours: whether the agent has begun, and since when it is waited for. */
  | 'AgentStarted'
  /** Ours: whether all that the Hardware refers to could be read, why not, and when it is tried again. */
  | 'ReferencesRead'
  /** Ours: why a Workflow has the state it has when its status was lost. */
  | 'StatusRestored';

export interface ConditionUpdate {
  type: WorkflowConditionType;
  status: 'True' | 'False' | 'Unknown';
  reason: string;
  message: string;
}

/** The status with the condition set; its time changes only when something else of it does. */
export function withCondition(status: WorkflowStatus, update: ConditionUpdate, nowMs: number): WorkflowStatus {
  const conditions = status.conditions ?? [];
  const known = conditions.find(({ type }) => type === update.type);
  if (known !== undefined && isSame(known, update)) return status;
  const condition: WorkflowCondition = { ...update, time: new Date(nowMs).toISOString() };
  return { ...status, conditions: [...conditions.filter(({ type }) => type !== update.type), condition] };
}

function isSame(known: WorkflowCondition, { status, reason, message }: ConditionUpdate): boolean {
  return known.status === status && (known.reason ?? '') === reason && (known.message ?? '') === message;
}
