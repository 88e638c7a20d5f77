import type { ObjectName } from '../../api/meta/object.ts';
import type { Clock } from '../../api/time/clock.ts';
import type { Client } from '../../kube/client/client.ts';
import { isReason } from '../../kube/client/errors.ts';
import { keyOf } from '../../kube/client/path.ts';
import type { KeyedMutex } from '../../kube/queue/keyed-mutex.ts';
import { runtimeWarning } from '../../kube/telemetry/channels.ts';
import { judgeProgress, progressStatus } from './progress-status.ts';
import type { Refusal } from './refusal.ts';
import type { Report } from './report.ts';
import type { WorkflowSource } from './workflow-source.ts';
import { writeStatus } from './write-status.ts';

export interface ProgressRecorderOptions {
  cache: WorkflowSource;
  client: Client;
  clock: Clock;
  mutex: KeyedMutex;
  /** At most one write in so many seconds for each Workflow. Default 5. */
  progressSeconds?: number;
}

/** All Workflows together; with more of them each is written less often. */
const writesPerSecond = 20;

/**
 * Writes down how far actions are: the newest that was said, seldom, and never in the way of anything else. What is not
 * written when its action has ended is forgotten.
 */
export class ProgressRecorder {
  readonly #options: ProgressRecorderOptions;
  /** What will be written next, by Workflow; each has a timer. */
  readonly #latest = new Map<string, { report: Report; cancel: () => void }>();

  constructor(options: ProgressRecorderOptions) {
    this.#options = options;
  }

  /** Answers at once: progress is no promise. */
  take(name: ObjectName, report: Report): Refusal | undefined {
    const verdict = judgeProgress(this.#options.cache.get(name), report);
    if (typeof verdict === 'object') return verdict;
    if (verdict === 'stale') return undefined;
    const key = keyOf(name);
    const waiting = this.#latest.get(key);
    if (waiting !== undefined) {
      waiting.report = report;
      return undefined;
    }
    const { clock, mutex, progressSeconds = 5 } = this.#options;
    const delaySeconds = Math.max(progressSeconds, this.#latest.size / writesPerSecond);
    const cancel = clock.after(delaySeconds * 1000, () => {
      void mutex.run(key, () => this.#write(name)).catch((error: unknown) => this.#failed(error));
    });
    this.#latest.set(key, { report, cancel });
    return undefined;
  }

  stop(): void {
    for (const { cancel } of this.#latest.values()) cancel();
    this.#latest.clear();
  }

  async #write(name: ObjectName): Promise<void> {
    const { cache, client, clock } = this.#options;
    const { report } = this.#latest.get(keyOf(name)) ?? {};
    this.#latest.delete(keyOf(name));
    const workflow = cache.get(name);
    if (workflow === undefined || report === undefined || judgeProgress(workflow, report) !== 'fresh') return;
    await writeStatus(client, workflow, { progress: progressStatus(report, clock.now()) });
  }

  #failed(error: unknown): void {
    // Somebody else wrote: the next one comes soon.
    if (!isReason(error, 'Conflict', 'NotFound')) runtimeWarning.publish({ what: 'recording progress', error });
  }
}
