import type { ObjectName } from '../../api/meta/object.ts';
import type { Clock } from '../../api/time/clock.ts';
import type { Client } from '../../kube/client/client.ts';
import { keyOf } from '../../kube/client/path.ts';
import type { KeyedMutex } from '../../kube/queue/keyed-mutex.ts';
import { runtimeWarning } from '../../kube/telemetry/channels.ts';
import { ToldStarts } from './told-starts.ts';
import type { WorkflowSource } from './workflow-source.ts';
import { writeStatus } from './write-status.ts';

export interface StartConfirmerOptions {
  cache: WorkflowSource;
  client: Client;
  clock: Clock;
  mutex: KeyedMutex;
  /** From the answer to the write. Long enough that quick actions need none: their end says as much. */
  delaySeconds: number;
}

/**
 * Takes `unansweredStart` out of the status once the agent was told that it may begin. What is in the status is for the
 * service that follows when this one is killed; this one remembers by itself.
 */
export class StartConfirmer {
  readonly #options: StartConfirmerOptions;
  readonly #told = new ToldStarts();
  readonly #timers = new Map<string, () => void>();
  readonly #underWay = new Set<Promise<void>>();

  constructor(options: StartConfirmerOptions) {
    this.#options = options;
  }

  told(key: string, actionId: string): boolean {
    return this.#told.has(key, actionId);
  }

  /** The start is about to be recorded and answered. */
  telling(name: ObjectName, actionId: string): void {
    this.#told.add(keyOf(name), actionId);
  }

  /** Nobody waited for the answer, or it was a refusal; an earlier answer counts all the same. */
  unheard(name: ObjectName, actionId: string): void {
    if (!this.#timers.has(keyOf(name))) this.#told.delete(keyOf(name), actionId);
  }

  /** The answer went out. */
  answered(name: ObjectName, actionId: string): void {
    const key = keyOf(name);
    this.#timers.get(key)?.();
    const cancel = this.#options.clock.after(this.#options.delaySeconds * 1000, () => this.#confirm(name, actionId));
    this.#timers.set(key, cancel);
  }

  /** Confirms all that were answered, without waiting for their time. */
  async stop(): Promise<void> {
    for (const key of this.#timers.keys()) {
      const [namespace = '', name = ''] = key.split('/');
      const actionId = this.#told.get(key);
      if (actionId !== undefined) this.#confirm({ namespace, name }, actionId);
    }
    await Promise.all(this.#underWay);
  }

  #confirm(name: ObjectName, actionId: string): void {
    const key = keyOf(name);
    this.#timers.get(key)?.();
    this.#timers.delete(key);
    const work = this.#options.mutex
      .run(key, () => this.#write(name, actionId))
      // The lifecycle does it later; until then this process knows.
      .catch((error: unknown) => runtimeWarning.publish({ what: 'confirming the start of an action', error }))
      .finally(() => this.#underWay.delete(work));
    this.#underWay.add(work);
  }

  async #write(name: ObjectName, actionId: string): Promise<void> {
    const { cache, client } = this.#options;
    const workflow = cache.get(name);
    if (workflow?.status?.unansweredStart === actionId) {
      await writeStatus(client, workflow, { unansweredStart: null });
    }
    this.#told.delete(keyOf(name), actionId);
  }
}
