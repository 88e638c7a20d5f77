import type { WorkflowStatus } from '../../api/tinkerbell/v1alpha1/workflow-status.ts';
import type { WorkflowAction, WorkflowTask } from '../../api/tinkerbell/v1alpha1/workflow-task.ts';
import { type ActionState, actionStateOf } from './action-state.ts';

/** An action and the task it stands in. */
export interface Turn {
  readonly task: WorkflowTask;
  readonly action: WorkflowAction;
}

/**
 * The action whose turn it is: the first that has not succeeded. A task is done when all its actions are, and the next
 * one begins only then. `undefined`: all is done.
 */
export function turnOf({ tasks = [] }: WorkflowStatus): Turn | undefined {
  for (const task of tasks) {
    const action = task.actions.find((candidate) => actionStateOf(candidate) !== 'SUCCESS');
    if (action !== undefined) return { task, action };
  }
  return undefined;
}

/** The action that an agent means, among its own tasks. */
export function findAction({ tasks = [] }: WorkflowStatus, agentId: string, actionId: string): Turn | undefined {
  for (const task of tasks) {
    if (task.agentID !== agentId) continue;
    const action = task.actions.find(({ id }) => id === actionId);
    if (action !== undefined) return { task, action };
  }
  return undefined;
}

/** `status.currentState`: where the agent is. */
export function currentStateOf({ task, action }: Turn, state: ActionState): WorkflowStatus['currentState'] & object {
  return {
    agentID: task.agentID,
    taskID: task.id,
    actionID: action.id,
    state,
    actionName: action.name ?? '',
    taskName: task.name,
  };
}
