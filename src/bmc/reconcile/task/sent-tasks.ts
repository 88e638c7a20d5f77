import { randomBytes } from 'node:crypto';
import type { Task } from '../../../api/bmc/v1alpha1/task.ts';
import type { ObjectName } from '../../../api/meta/object.ts';
import { keyOf } from '../../../kube/client/path.ts';
import { attemptOf } from './attempt.ts';

/**
 * What this process knows of Tasks whose attempt was written ahead: to which of them it has sent something. Whoever comes
 * after it does not know that, and takes it that something was sent.
 */
export class SentTasks {
  /** Stands in the Tasks that this process makes. */
  readonly process: string;
  readonly #uids = new Map<string, string | undefined>();

  constructor(process: string = randomBytes(8).toString('hex')) {
    this.process = process;
  }

  /** True when it is certain that nothing was sent for a Task, although its mark was written ahead. */
  isUnsent(task: Task): boolean {
    if (attemptOf(task)?.ahead !== this.process) return false;
    const key = keyOf(task.metadata);
    return !this.#uids.has(key) || this.#uids.get(key) !== task.metadata.uid;
  }

  add({ metadata }: Task): void {
    this.#uids.set(keyOf(metadata), metadata.uid);
  }

  /** Nothing came of it, or the Task is gone. */
  delete(name: ObjectName): void {
    this.#uids.delete(keyOf(name));
  }
}
