import type { Workflow } from '../../api/tinkerbell/v1alpha1/workflow.ts';
import type { WorkflowStatus } from '../../api/tinkerbell/v1alpha1/workflow-status.ts';
import type { WorkflowAction, WorkflowTask } from '../../api/tinkerbell/v1alpha1/workflow-task.ts';

export interface FakeWorkflowOptions {
  name?: string;
  namespace?: string;
  /** Of the Workflow. Default `PENDING`. */
  state?: string;
  /** States of the actions of each task. Default one task with two actions that nobody has begun. */
  actions?: readonly (readonly string[])[];
  /** Agents of the tasks. Default `agent-1` for all. */
  agents?: readonly string[];
  createdSecond?: number;
  status?: WorkflowStatus;
  spec?: Workflow['spec'];
  metadata?: Workflow['metadata'];
  action?: Partial<WorkflowAction>;
  task?: Partial<WorkflowTask>;
}

/** A rendered Workflow, for tests: tasks `task-1`, …, actions `task-1-action-1`, …; their ids are their names. */
export function fakeWorkflow(options: FakeWorkflowOptions = {}): Workflow {
  const { name = 'install', namespace = 'default', state = 'PENDING', createdSecond = 0 } = options;
  const { actions = [['PENDING', 'PENDING']], agents = [], task, action } = options;
  const tasks = actions.map((states, taskIndex) => ({
    id: `task-${taskIndex + 1}`,
    name: `task-${taskIndex + 1}`,
    agentID: agents[taskIndex] ?? 'agent-1',
    actions: states.map((actionState, actionIndex) => ({
      id: `task-${taskIndex + 1}-action-${actionIndex + 1}`,
      name: `task-${taskIndex + 1}-action-${actionIndex + 1}`,
      image: 'quay.io/tinkerbell/actions/cexec:latest',
      timeout: 90,
      state: actionState,
      ...action,
    })),
    ...task,
  }));
  const creationTimestamp = new Date(Date.UTC(2026, 0, 1, 0, 0, createdSecond)).toISOString();
  return {
    apiVersion: 'tinkerbell.org/v1alpha1',
    kind: 'Workflow',
    metadata: { name, namespace, uid: `uid-${name}`, resourceVersion: '1', creationTimestamp, ...options.metadata },
    spec: options.spec ?? {},
    status: { state, agentID: tasks[0]?.agentID ?? 'agent-1', tasks, ...options.status },
  };
}
