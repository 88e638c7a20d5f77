import type { WorkflowStatus } from '../../api/tinkerbell/v1alpha1/workflow-status.ts';
import type { WorkflowTask } from '../../api/tinkerbell/v1alpha1/workflow-task.ts';
import { deterministicId } from './deterministic-id.ts';

/** A rendered and validated template. */
export interface RenderedWorkflow {
  globalTimeoutSeconds: number;
  tasks: RenderedTask[];
}

export type RenderedTask = Omit<WorkflowTask, 'id' | 'actions'> & {
  actions: Omit<WorkflowTask['actions'][number], 'id' | 'state'>[];
};

/** What became of rendering; the error names the place and holds nothing of the rendered text, which may have secrets. */
export type RenderOutcome = { rendered: RenderedWorkflow } | { error: string };

/** The part of the status that a rendered template begins with; every action is `PENDING`. */
export function initialStatus(workflowUid: string, { globalTimeoutSeconds, tasks }: RenderedWorkflow): WorkflowStatus {
  return {
    ...(tasks[0] === undefined ? {} : { agentID: tasks[0].agentID }),
    globalTimeout: globalTimeoutSeconds,
    templateRendering: 'successful',
    tasks: tasks.map((task) => ({
      ...task,
      id: deterministicId(workflowUid, task.name),
      actions: task.actions.map((action, index) => ({
        ...action,
        id: deterministicId(workflowUid, task.name, String(index), action.name ?? ''),
        state: 'PENDING',
      })),
    })),
  };
}
