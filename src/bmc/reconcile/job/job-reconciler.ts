import { Job } from '../../../api/bmc/v1alpha1/job.ts';
import type { Machine } from '../../../api/bmc/v1alpha1/machine.ts';
import { Task } from '../../../api/bmc/v1alpha1/task.ts';
import type { CaptError } from '../../../api/errors/capt-error.ts';
import type { ObjectName } from '../../../api/meta/object.ts';
import type { Clock } from '../../../api/time/clock.ts';
import { timestamp } from '../../../api/time/timestamp.ts';
import type { Client } from '../../../kube/client/client.ts';
import { isReason } from '../../../kube/client/errors.ts';
import type { ReconcileContext, ReconcileResult } from '../../../kube/controller/reconciler.ts';
import type { EventRecorder } from '../../../kube/events/recorder.ts';
import { begunAnnotation, begunOf, begunText, isUnderWay } from '../begun.ts';
import { type FinishedMark, finishedAnnotation, finishedText, statusRestored } from '../finished-mark.ts';
import type { Lookup } from '../lookup.ts';
import { holds, type Progress, withProgress } from '../progress.ts';
import type { BmcSettings } from '../settings.ts';
import { writeAnnotation, writeStatus } from '../status-writer.ts';
import { isRepeatable, withMarkAhead } from '../task/mark-ahead.ts';
import type { SentTasks } from '../task/sent-tasks.ts';
import { textOf } from '../text-of.ts';
import { decideJob, type JobFacts, taskNamesOf } from './job-decision.ts';
import { taskNameOf, taskOf } from './task-of.ts';

export interface JobReconcilerParts {
  client: Client;
  jobs: Lookup<Job>;
  tasks: Lookup<Task>;
  machines: Lookup<Machine>;
  events: EventRecorder;
  clock: Clock;
  settings: BmcSettings;
  sent: SentTasks;
}

/** Makes the Tasks of a Job, each when the one before it is done. */
export class JobReconciler {
  readonly #parts: JobReconcilerParts;

  constructor(parts: JobReconcilerParts) {
    this.#parts = parts;
  }

  async reconcile(name: ObjectName, { signal }: Pick<ReconcileContext, 'signal'>): Promise<ReconcileResult> {
    let job = this.#parts.jobs.get(name);
    if (job === undefined) return {};
    /** Tasks that are there although the cache does not know them yet. */
    const adopted = new Map<string, Task>();
    for (;;) {
      const facts = this.#observe(job, adopted);
      const decision = decideJob(facts);
      switch (decision.step) {
        case 'nothing':
          return {};
        case 'mark':
          job = await this.#mark(job, signal);
          break;
        case 'create': {
          const refusal = await this.#create(job, decision.index, decision.machine, adopted, signal);
          if (refusal !== undefined) return await this.#fail(job, refusal, signal);
          if (adopted.has(taskNameOf(job, decision.index))) break;
          return await this.#wait(job, undefined, signal);
        }
        case 'wait':
          return await this.#wait(job, decision.problem, signal);
        case 'fail':
          return await this.#fail(job, decision.message, signal);
        case 'restore':
          await writeStatus(this.#parts.client, Job, job, statusRestored(job.status, decision.mark), signal);
          return {};
        case 'complete':
          return await this.#complete(job, signal);
      }
    }
  }

  #observe(job: Job, adopted: ReadonlyMap<string, Task>): JobFacts {
    const { namespace = '' } = job.metadata;
    const ref = job.spec?.machineRef;
    const tasks = taskNamesOf(job).map((name) => adopted.get(name) ?? this.#parts.tasks.get({ namespace, name }));
    return { job, tasks, machine: ref && this.#parts.machines.get({ namespace: ref.namespace, name: ref.name }) };
  }

  #mark(job: Job, signal: AbortSignal): Promise<Job> {
    const annotation = { key: begunAnnotation, value: begunText(job, this.#startTimeOf(job)) };
    return writeAnnotation(this.#parts.client, Job, job, annotation, signal);
  }

  /**
   * A Task that exists already was made by us before a crash, or is one the cache has not heard of: it is looked at like
   * any other.
   * @returns why the API server will never take the Task
   */
  async #create(
    job: Job,
    index: number,
    machine: Machine,
    adopted: Map<string, Task>,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const { client, clock, settings, sent } = this.#parts;
    const plain = taskOf(job, index, machine);
    const task = isRepeatable(plain, settings) ? withMarkAhead(plain, sent.process, clock.now()) : plain;
    const { namespace = '', name = '' } = task.metadata;
    try {
      await client.create(Task, task, { signal });
    } catch (error) {
      if (isReason(error, 'Invalid', 'BadRequest')) return `task ${namespace}/${name} cannot be made: ${error.message}`;
      if (!isReason(error, 'AlreadyExists')) throw error;
      const existing = await client.find(Task, { namespace, name }, { signal });
      if (existing === undefined) throw error;
      adopted.set(name, existing);
    }
    return undefined;
  }

  async #wait(job: Job, problem: CaptError | undefined, signal: AbortSignal): Promise<ReconcileResult> {
    if (problem === undefined) return await this.#run(job, signal);
    if (await this.#say(job, textOf(problem), signal)) {
      const reason = problem.code === 'BMC_MACHINE_MISSING' ? 'MachineNotFound' : 'TaskNameTaken';
      this.#parts.events.event(job, { type: 'Warning', reason, action: 'CreateTask', note: textOf(problem) });
    }
    return { requeueAfterSeconds: this.#parts.settings.missingRetrySeconds };
  }

  /** A Job that is done soon goes straight to its end; any other is shown as running, which is a write more. */
  async #run(job: Job, signal: AbortSignal): Promise<ReconcileResult> {
    const { clock, settings } = this.#parts;
    const quietUntilMs = Date.parse(this.#startTimeOf(job)) + settings.jobQuietSeconds * 1000;
    const leftMs = holds(job.status, 'Running') ? 0 : quietUntilMs - clock.now();
    if (leftMs > 0) return { requeueAfterSeconds: leftMs / 1000 };
    await this.#say(job, undefined, signal);
    return {};
  }

  /** Shows what a running Job waits for. True when that is news. */
  async #say(job: Job, message: string | undefined, signal: AbortSignal): Promise<boolean> {
    const status = withProgress(this.#begun(job), 'Running', true, message);
    return (await writeStatus(this.#parts.client, Job, job, status, signal)) !== job;
  }

  #begun(job: Job): Progress {
    return { ...job.status, startTime: this.#startTimeOf(job) };
  }

  #startTimeOf(job: Job): string {
    return job.status?.startTime ?? begunOf(job)?.at ?? timestamp(this.#parts.clock.now());
  }

  /** Comes before the status, which may get lost later. */
  #seal(job: Job, mark: FinishedMark, signal: AbortSignal): Promise<Job> {
    const annotation = { key: finishedAnnotation, value: finishedText(mark) };
    return writeAnnotation(this.#parts.client, Job, job, annotation, signal);
  }

  async #complete(running: Job, signal: AbortSignal): Promise<ReconcileResult> {
    const { client, clock } = this.#parts;
    const job = await this.#seal(running, { type: 'Completed' }, signal);
    const done = withProgress(withProgress(this.#begun(job), 'Running', false), 'Completed', true);
    await writeStatus(client, Job, job, { ...done, completionTime: timestamp(clock.now()) }, signal);
    return {};
  }

  async #fail(running: Job, message: string, signal: AbortSignal): Promise<ReconcileResult> {
    const job = await this.#seal(running, { type: 'Failed', message }, signal);
    const begun = isUnderWay(running) ? this.#begun(job) : (job.status ?? {});
    const failed = withProgress(withProgress(begun, 'Running', false), 'Failed', true, message);
    await writeStatus(this.#parts.client, Job, job, failed, signal);
    this.#parts.events.event(job, { type: 'Warning', reason: 'JobFailed', action: 'Act', note: message });
    return {};
  }
}
