import type { Clock } from '../../../../api/time/clock.ts';
import { type JsonObject, resource } from '../json.ts';

interface Task {
  id: string;
  state: 'Running' | 'Completed' | 'Exception';
  cancel: () => void;
}

export const tasksPath = '/redfish/v1/TaskService/Tasks';
export const monitorsPath = '/redfish/v1/TaskService/TaskMonitors';

/** What the BMC does after it has answered. */
export class TaskTable implements Disposable {
  readonly #clock: Clock;
  readonly #tasks = new Map<string, Task>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get ids(): string[] {
    return [...this.#tasks.keys()];
  }

  /** Does `work` after `delayMs`, or fails by then. */
  start(delayMs: number, fails: boolean, work: () => void): string {
    const id = `JID_${this.#tasks.size + 1}`;
    const task: Task = { id, state: 'Running', cancel: () => undefined };
    this.#tasks.set(id, task);
    task.cancel = this.#clock.after(delayMs, () => {
      if (!fails) work();
      task.state = fails ? 'Exception' : 'Completed';
    });
    return id;
  }

  isRunning(id: string): boolean {
    return this.#tasks.get(id)?.state === 'Running';
  }

  failed(id: string): boolean {
    return this.#tasks.get(id)?.state === 'Exception';
  }

  /** The Task resource; `undefined` when there is no such task. */
  describe(id: string): JsonObject | undefined {
    const task = this.#tasks.get(id);
    if (task === undefined) return undefined;
    const failed = task.state === 'Exception';
    const message = { MessageId: 'VBMC.1.0.TaskFailed', Message: 'The virtual task was told to fail.' };
    return resource(`${tasksPath}/${id}`, 'Task.v1_4_3.Task', id, `Task ${id}`, {
      TaskState: task.state,
      TaskStatus: failed ? 'Critical' : 'OK',
      TaskMonitor: `${monitorsPath}/${id}`,
      Messages: failed ? [message] : [],
    });
  }

  [Symbol.dispose](): void {
    for (const { cancel } of this.#tasks.values()) cancel();
  }
}
