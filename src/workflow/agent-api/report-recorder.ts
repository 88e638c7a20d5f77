import type { ActionResponse } from '../../api/agent-protocol/workflow.generated.ts';
import type { ObjectName } from '../../api/meta/object.ts';
import { type Clock, sleep } from '../../api/time/clock.ts';
import { Workflow } from '../../api/tinkerbell/v1alpha1/workflow.ts';
import type { Client } from '../../kube/client/client.ts';
import { isReason, KubeConnectionError, KubeError } from '../../kube/client/errors.ts';
import { keyOf } from '../../kube/client/path.ts';
import type { KeyedMutex } from '../../kube/queue/keyed-mutex.ts';
import { runtimeWarning } from '../../kube/telemetry/channels.ts';
import { actionResponse } from './action-response.ts';
import { applyReport, type Outcome } from './apply-report.ts';
import type { Refusal } from './refusal.ts';
import type { Report } from './report.ts';
import { StartConfirmer } from './start-confirmer.ts';
import type { WorkflowSource } from './workflow-source.ts';
import { writeStatus } from './write-status.ts';

/** Pauses before another attempt; lost races and hiccups of the API server are over by then. */
const pausesMs = [0, 50, 200, 500, 1000];

export interface ReportRecorderOptions {
  cache: WorkflowSource;
  /** Writes the status; should refuse when this process may not. */
  client: Client;
  clock: Clock;
  /** Shared by all who write Workflows in this process, so that they do not lose races against each other. */
  mutex: KeyedMutex;
  /** How long after the answer to a start its agent counts as told, should this process be killed. Default 0.5. */
  startConfirmSeconds?: number;
  /** Told when an agent turns out not to have heard that it may begin. */
  onUnheard?: (agentId: string) => void;
}

/**
 * Writes reports into the status of Workflows, one at a time for each Workflow, and answers only when they stand there.
 * The cache has our own writes at once, so that there is nothing to read and no conflict unless somebody else wrote.
 */
export class ReportRecorder {
  readonly #options: ReportRecorderOptions;
  readonly #confirmer: StartConfirmer;

  constructor(options: ReportRecorderOptions) {
    const { startConfirmSeconds: delaySeconds = 0.5 } = options;
    this.#options = options;
    this.#confirmer = new StartConfirmer({ ...options, delaySeconds });
  }

  /** Whether the agent of this start was told by this process that it may begin, or is about to be. */
  told(workflow: Workflow, actionId: string): boolean {
    return this.#confirmer.told(keyOf(workflow.metadata), actionId);
  }

  /**
   * @param gone tells that nobody waits for the answer any more; a start that nobody hears of is not recorded
   * @returns nothing when the report is recorded or was known; the action that has begun with it, if one has
   */
  async record(name: ObjectName, report: Report, gone: AbortSignal): Promise<Refusal | ActionResponse | undefined> {
    const key = keyOf(name);
    const answer = await this.#options.mutex.run(key, () => this.#record(name, report, gone));
    if (report.state !== 'RUNNING' || !this.#confirmer.told(key, report.actionId)) return answer;
    if (answer === undefined && !gone.aborted) {
      this.#confirmer.answered(name, report.actionId);
    } else {
      this.#confirmer.unheard(name, report.actionId);
      this.#options.onUnheard?.(report.agentId);
    }
    return answer;
  }

  /** Writes down at once what a service that follows has to know. */
  async stop(): Promise<void> {
    await this.#confirmer.stop();
  }

  async #record(name: ObjectName, report: Report, gone: AbortSignal): Promise<Refusal | ActionResponse | undefined> {
    const { cache, client, clock } = this.#options;
    let workflow = cache.get(name);
    let failure: unknown;
    for (const pauseMs of pausesMs) {
      if (pauseMs > 0) await sleep(clock, pauseMs);
      try {
        workflow ??= await client.find(Workflow, name, { timeoutSeconds: 10 });
        if (workflow === undefined) return { code: 'NotFound', reason: 'Workflow not found' };
        const outcome = judge(workflow, report, gone.aborted, clock.now());
        if (outcome.kind === 'refuse') return { code: outcome.code, reason: outcome.reason };
        // Before the status can say so: whoever asks in between must not take the start for one that nobody heard of.
        if (mayBegin(workflow, report, outcome)) this.#confirmer.telling(name, report.actionId);
        if (outcome.kind === 'record') workflow = await writeStatus(client, workflow, outcome.changes);
        return outcome.begins && actionResponse(workflow, outcome.begins, clock.now());
      } catch (error) {
        failure = error;
        if (!mayPass(error)) break;
        // Whatever happened, the server knows; so may the cache by now, but nobody says so.
        workflow = undefined;
      }
    }
    return this.#failed(failure);
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

/** What nobody would hear of does not begin; that an action has ended is worth knowing all the same. */
function judge(workflow: Workflow, report: Report, gone: boolean, nowMs: number): Outcome {
  const outcome = applyReport(workflow, gone ? { ...report, beginsNext: false } : report, nowMs);
  if (!gone || report.state !== 'RUNNING' || outcome.kind === 'refuse') return outcome;
  return { kind: 'refuse', code: 'Unavailable', reason: 'the agent hung up' };
}

/** Reports whose answer lets an agent begin, and after whose failure it asks anew. */
function mayBegin({ status }: Workflow, { state, repeatsStart = false, actionId }: Report, { kind }: Outcome): boolean {
  return state === 'RUNNING' && !repeatsStart && (kind === 'record' || status?.unansweredStart === actionId);
}

/** Lost races, overload, and answers that never came; the next attempt reads the state back. */
function mayPass(error: unknown): boolean {
  if (error instanceof KubeConnectionError) return true;
  return (
    isReason(error, 'Conflict', 'NotFound') || (error instanceof KubeError && (error.code >= 500 || error.code === 429))
  );
}
