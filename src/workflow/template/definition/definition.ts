import type { WorkflowTask } from '../../../api/tinkerbell/v1alpha1/workflow-task.ts';

/** An action of a rendered template: what a Workflow's status says of it before it has begun. */
export type ActionDefinition = Omit<WorkflowTask['actions'][number], 'id' | 'state'> & {
  name: string;
  image: string;
  timeout: number;
};

/** A task of a rendered template. */
export type TaskDefinition = Omit<WorkflowTask, 'id' | 'actions'> & { actions: ActionDefinition[] };

/** A rendered template, read and found to be in order. Lists, maps and texts that are empty are left out. */
export interface WorkflowDefinition {
  version: string;
  name: string;
  id: string;
  globalTimeoutSeconds: number;
  tasks: TaskDefinition[];
}
