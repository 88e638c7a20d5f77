import type { ActionResponse } from '../../api/agent-protocol/workflow.generated.ts';
import type { Workflow } from '../../api/tinkerbell/v1alpha1/workflow.ts';
import type { WorkflowTask } from '../../api/tinkerbell/v1alpha1/workflow-task.ts';
import { keyOf } from '../../kube/client/path.ts';
import { actionTimeoutSeconds } from './action-timeout.ts';
import type { Turn } from './turn.ts';

/** An action as agents get it: what the task gives to all its actions comes first, what the action says wins. */
export function actionResponse(workflow: Workflow, { task, action }: Turn, nowMs: number): ActionResponse {
  const { namespaces } = action;
  return {
    workflowId: keyOf(workflow.metadata),
    taskId: task.id,
    agentId: task.agentID,
    actionId: action.id,
    name: action.name ?? '',
    image: action.image ?? '',
    timeout: actionTimeoutSeconds(workflow.status ?? {}, action, nowMs),
    command: [...(action.command ?? [])],
    volumes: [...(task.volumes ?? []), ...(action.volumes ?? [])],
    environment: environmentOf(task.environment, action.environment),
    pid: namespaces?.pid || action.pid || '',
    namespaces: namespaces && { network: namespaces.network ?? '', pid: namespaces.pid ?? '' },
    acceptsProgress: true,
  };
}

/** `name=value`, sorted as bytes. */
function environmentOf(...maps: WorkflowTask['environment'][]): string[] {
  const merged = new Map(maps.flatMap((map) => Object.entries(map ?? {})));
  const entries = [...merged].map(([name, value]) => Buffer.from(`${name}=${value}`));
  return entries.sort(Buffer.compare).map((entry) => entry.toString());
}
