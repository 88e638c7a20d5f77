import type { ObjectName } from '../../api/meta/object.ts';
import { Workflow } from '../../api/tinkerbell/v1alpha1/workflow.ts';
import type { WorkflowStatus } from '../../api/tinkerbell/v1alpha1/workflow-status.ts';
import type { Client } from '../../kube/client/client.ts';
import { isReason, KubeConnectionError, KubeError } from '../../kube/client/errors.ts';
import { keyOf } from '../../kube/client/path.ts';
import { type Clock, sleep } from '../../kube/clock.ts';
import { runtimeWarning } from '../../kube/telemetry/channels.ts';
import { KeyedMutex } from '../keyed-mutex.ts';
import { applyReport } from './apply-report.ts';
import type { Refusal } from './refusal.ts';
import type { Report } from './report.ts';
import type { WorkflowSource } from './workflow-source.ts';

/** Pauses before another attempt; lost races and hiccups of the API server are over by then. */
const pausesMs = [0, 50, 200, 500, 1000];

export interface ReportRecorderOptions {
  cache: WorkflowSource;
  /** Writes the status; should refuse when this process may not. */
  client: Client;
  clock: Clock;
  /** Shared by all who write Workflows in this process, so that they do not lose races against each other. */
  mutex?: KeyedMutex;
}

/**
 * Writes reports into the status of Workflows, one at a time for each Workflow, and answers only when they stand there.
 * The cache has our own writes at once, so that there is nothing to read and no conflict unless somebody else wrote.
 */
export class ReportRecorder {
  readonly #options: ReportRecorderOptions;
  readonly #mutex: KeyedMutex;

  constructor(options: ReportRecorderOptions) {
    this.#options = options;
    this.#mutex = options.mutex ?? new KeyedMutex();
  }

  /**
   * @param gone tells that nobody waits for the answer any more; a start that nobody hears of is not recorded
   * @returns nothing when the report is recorded or was known
   */
  record(name: ObjectName, report: Report, gone: AbortSignal): Promise<Refusal | undefined> {
    return this.#mutex.run(keyOf(name), () => this.#record(name, report, gone));
  }

  async #record(name: ObjectName, report: Report, gone: AbortSignal): Promise<Refusal | undefined> {
    const { cache, client, clock } = this.#options;
    let workflow = cache.get(name);
    let failure: unknown;
    for (const pauseMs of pausesMs) {
      if (pauseMs > 0) await sleep(clock, pauseMs);
      try {
        workflow ??= await client.find(Workflow, name, { timeoutSeconds: 10 });
        if (workflow === undefined) return { code: 'NotFound', reason: 'Workflow not found' };
        const outcome = applyReport(workflow, report, clock.now());
        if (outcome.kind === 'refuse') return { code: outcome.code, reason: outcome.reason };
        if (outcome.kind === 'known') return undefined;
        if (gone.aborted && report.state === 'RUNNING') return { code: 'Unavailable', reason: 'the agent hung up' };
        await this.#write(name, workflow, outcome.changes);
        return undefined;
      } catch (error) {
        failure = error;
        if (!mayPass(error)) break;
        // Whatever happened, the server knows; so may the cache by now, but nobody says so.
        workflow = undefined;
      }
    }
    return this.#failed(failure);
  }

  async #write(name: ObjectName, { metadata }: Workflow, status: WorkflowStatus): Promise<void> {
    const patch = { metadata: { resourceVersion: metadata.resourceVersion }, status };
    await this.#options.client.mergePatch(Workflow, name, patch, { subresource: 'status', timeoutSeconds: 10 });
  }

  #failed(error: unknown): Refusal {
    runtimeWarning.publish({ what: 'recording the report of an agent', error });
    // The words of the API server may quote what it complains about; they stay here.
    const transient = error instanceof KubeError || error instanceof KubeConnectionError;
    return transient
      ? { code: 'Unavailable', reason: 'the report could not be recorded, send it again' }
      : { code: 'Internal', reason: 'the report could not be recorded' };
  }
}

/** Lost races, overload, and answers that never came; the next attempt reads the state back. */
function mayPass(error: unknown): boolean {
  if (error instanceof KubeConnectionError) return true;
  return (
    isReason(error, 'Conflict', 'NotFound') || (error instanceof KubeError && (error.code >= 500 || error.code === 429))
  );
}
