import { collection, link, resource } from '../json.ts';
import type { Node, Tree } from '../node.ts';
import { Refusal } from '../refusal.ts';
import { monitorsPath, type TaskTable, tasksPath } from '../state/task-table.ts';

const service = '/redfish/v1/TaskService';

export function addTasks(tree: Tree, tasks: TaskTable): void {
  tree.set(service, {
    get: () =>
      resource(service, 'TaskService.v1_1_5.TaskService', 'TaskService', 'Task Service', {
        ServiceEnabled: true,
        Tasks: link(tasksPath),
      }),
  });
  tree.set(tasksPath, {
    get: () =>
      collection(
        tasksPath,
        'Task',
        tasks.ids.map((id) => `${tasksPath}/${id}`),
      ),
  });
}

/** The node of a task, or of the monitor that answers as the request itself would have (DSP0266 §12.2). */
export function taskNode(path: string, tasks: TaskTable): Node | undefined {
  const id = path.slice(path.lastIndexOf('/') + 1);
  const task = tasks.describe(id);
  if (task === undefined) return undefined;
  if (path === `${tasksPath}/${id}`) return { get: () => tasks.describe(id) ?? {} };
  if (path !== `${monitorsPath}/${id}`) return undefined;
  return {
    get: () => {
      if (tasks.failed(id)) {
        throw new Refusal({ status: 400, id: 'GeneralError', message: 'The virtual task was told to fail.' });
      }
      return tasks.describe(id) ?? {};
    },
  };
}
