import type { Connection } from '../../../api/bmc/v1alpha1/connection.ts';
import type { Job } from '../../../api/bmc/v1alpha1/job.ts';
import { Task } from '../../../api/bmc/v1alpha1/task.ts';
import type { Secret } from '../../../api/core/secret.ts';
import { CaptError } from '../../../api/errors/capt-error.ts';
import type { ObjectName } from '../../../api/meta/object.ts';
import type { Clock } from '../../../api/time/clock.ts';
import { timestamp } from '../../../api/time/timestamp.ts';
import type { Client } from '../../../kube/client/client.ts';
import { keyOf } from '../../../kube/client/path.ts';
import type { ReconcileContext, ReconcileResult } from '../../../kube/controller/reconciler.ts';
import type { EventRecorder } from '../../../kube/events/recorder.ts';
import { nameOf } from '../../../kube/objects/name-of.ts';
import { credentialsOf } from '../../credentials.ts';
import type { BmcAccess, BmcAnswer } from '../access/bmc-access.ts';
import { BmcFailure } from '../access/failure.ts';
import { isAnswer } from '../access/trouble.ts';
import { type FinishedMark, finishedAnnotation, finishedMark, finishedText, statusRestored } from '../finished-mark.ts';
import type { Lookup } from '../lookup.ts';
import { isFinished, type Progress, withoutProgress, withProgress } from '../progress.ts';
import type { BmcSettings } from '../settings.ts';
import { writeAnnotation, writeStatus } from '../status-writer.ts';
import { textOf } from '../text-of.ts';
import { type Attempt, attemptOf } from './attempt.ts';
import { Exchange } from './exchange.ts';
import type { Operation, Verdict } from './operation.ts';
import { operationOf } from './operation-of.ts';
import type { SentTasks } from './sent-tasks.ts';
import { type Standing, standingOf } from './standing.ts';
import { endingError, waitingText } from './verdict-text.ts';

export interface TaskReconcilerParts {
  client: Client;
  tasks: Lookup<Task>;
  jobs: Lookup<Job>;
  secrets: Lookup<Secret>;
  access: BmcAccess;
  events: EventRecorder;
  clock: Clock;
  settings: BmcSettings;
  sent: SentTasks;
}

/** Everything about the Task of one reconcile. */
interface Work {
  exchange: Exchange;
  operation: Operation;
  connection: Connection;
  /** RFC 3339. */
  startTime: string;
  /** The same, in milliseconds. */
  startedMs: number;
  signal: AbortSignal;
}

/**
 * Carries out one action on a BMC. Nothing counts as done before it is read back; what may have been sent before a crash
 * is looked at first, and sent again only where that does no harm.
 */
export class TaskReconciler {
  readonly #parts: TaskReconcilerParts;

  constructor(parts: TaskReconcilerParts) {
    this.#parts = parts;
  }

  async reconcile(name: ObjectName, context: Pick<ReconcileContext, 'signal'>): Promise<ReconcileResult> {
    const task = this.#parts.tasks.get(name);
    if (task === undefined) this.#parts.sent.delete(name);
    if (task === undefined || isFinished(task) || task.metadata.deletionTimestamp !== undefined) return {};
    const { signal } = context;
    const mark = finishedMark(task.metadata);
    if (mark !== undefined) {
      await writeStatus(this.#parts.client, Task, task, statusRestored(task.status, mark), signal);
      return {};
    }
    const attempt = attemptOf(task);
    const standing = standingOf(task, this.#parts.jobs);
    const perhapsNew = attempt === undefined || attempt.ahead !== undefined;
    if (perhapsNew && standing !== 'wanted') return await this.#unwanted(task, attempt, standing, signal);
    if (!perhapsNew && task.status?.startTime === undefined) return await this.#lost(task, attempt, signal);
    const startTime = task.status?.startTime ?? timestamp(this.#parts.clock.now());
    let operation: Operation;
    try {
      operation = operationOf(task.spec?.task, this.#parts.settings);
    } catch (error) {
      if (error instanceof CaptError) return await this.#fail(task, error, signal);
      throw error;
    }
    const connection = task.spec?.connection;
    if (connection === undefined) {
      const problem = 'spec.connection is missing';
      return await this.#fail(task, new CaptError('BMC_ACTION_INVALID', { problem }), signal);
    }
    const startedMs = Date.parse(startTime);
    const maySend = () => this.#isWanted(task) && !this.#isOver(startedMs);
    // The time runs from here, before anything is tried. It is written with what comes first: the end, what stands in the
    // way, or what is to be sent.
    const { client, clock, settings, sent } = this.#parts;
    const exchange = new Exchange(task, operation, { client, clock, settings, signal, startTime, sent, maySend });
    return await this.#work({ exchange, operation, connection, startTime, startedMs, signal });
  }

  async #work(work: Work): Promise<ReconcileResult> {
    const { exchange } = work;
    let answer: BmcAnswer<Verdict>;
    try {
      answer = await this.#contact(work);
    } catch (error) {
      if (error instanceof CaptError && error.code.startsWith('BMC_')) return await this.#obstacle(work, error);
      throw error;
    }
    const { value: verdict, note } = answer;
    if (verdict.type === 'done') return await this.#complete(work, `${verdict.message}, ${note}`);
    if (verdict.type === 'fail') return await this.#end(work, verdict.message);
    if (this.#isOver(work.startedMs)) return await this.#end(work);
    if (exchange.attempt === undefined) return {};
    const { attempt, lastReading: reading } = exchange;
    const message = waitingText({ bmc: work.connection.host, operation: work.operation, attempt, reading });
    await this.#say(work, message);
    return { requeueAfterSeconds: this.#readBackSeconds(attempt.at) };
  }

  #contact({ exchange, operation, connection, signal }: Work): Promise<BmcAnswer<Verdict>> {
    const { secrets, settings, access } = this.#parts;
    const { namespace = '' } = exchange.task.metadata;
    const owner = { description: `Task ${keyOf(exchange.task.metadata)}`, namespace };
    const credentials = credentialsOf(connection, owner, (name) => secrets.get(name), settings);
    const request = { connection, credentials, purpose: 'task', needs: operation.needs, signal } as const;
    return access.use(request, (session) => exchange.run(session));
  }

  /** The BMC could not be asked, or refused. What time or a hand may mend is waited for, and told. */
  async #obstacle(work: Work, error: CaptError): Promise<ReconcileResult> {
    const { clock, settings, events } = this.#parts;
    const { exchange } = work;
    const refused = error instanceof BmcFailure ? isAnswer(error.kind) : error.code === 'BMC_NO_PROVIDER';
    if (refused && exchange.attempt === undefined)
      return await this.#fail(exchange.task, error, work.signal, work.startTime);
    if (refused || this.#isOver(work.startedMs)) return await this.#end(work, error.message);
    await exchange.keep();
    const message = textOf(error);
    if (await this.#say(work, message)) {
      events.event(exchange.task, { type: 'Warning', reason: 'BMCNotReached', action: 'Contact', note: message });
    }
    const leftMs = work.startedMs + settings.taskTimeoutSeconds * 1000 - clock.now();
    const retryMs =
      error instanceof BmcFailure && error.retryAtMs !== undefined ? error.retryAtMs - clock.now() : leftMs;
    // A Secret that changes wakes the Task up by itself.
    return { requeueAfterSeconds: Math.max(0.05, Math.min(retryMs, leftMs + 1) / 1000) };
  }

  #end(
    { exchange, operation, connection, startTime, startedMs, signal }: Work,
    cause?: string,
  ): Promise<ReconcileResult> {
    const nowMs = this.#parts.clock.now();
    const { attempt, lastReading: reading, task } = exchange;
    const seconds = (nowMs - startedMs) / 1000;
    const error = endingError({ bmc: connection.host, operation, attempt, reading, cause, seconds, nowMs });
    return this.#fail(task, error, signal, startTime);
  }

  /** Comes before the status, which may get lost later. What is known to be a part of its Job is told by that. */
  async #seal(task: Task, mark: FinishedMark, signal: AbortSignal): Promise<Task> {
    if (attemptOf(task)?.ahead !== undefined) return task;
    const annotation = { key: finishedAnnotation, value: finishedText(mark) };
    return await writeAnnotation(this.#parts.client, Task, task, annotation, signal);
  }

  async #complete({ exchange, startTime, signal }: Work, message: string): Promise<ReconcileResult> {
    const { client, clock } = this.#parts;
    const task = await this.#seal(exchange.task, { type: 'Completed' }, signal);
    const begun = { startTime, ...task.status };
    const done = withProgress(withoutProgress(begun, 'Failed'), 'Completed', true, message);
    await writeStatus(client, Task, task, { ...done, completionTime: timestamp(clock.now()) }, signal);
    return {};
  }

  async #fail(unsealed: Task, error: CaptError, signal: AbortSignal, startTime?: string): Promise<ReconcileResult> {
    const note = textOf(error);
    const task = await this.#seal(unsealed, { type: 'Failed', message: note }, signal);
    const begun: Progress = { ...(startTime === undefined ? {} : { startTime }), ...task.status };
    await writeStatus(this.#parts.client, Task, task, withProgress(begun, 'Failed', true, note), signal);
    this.#parts.events.event(task, { type: 'Warning', reason: 'TaskFailed', action: 'Act', note });
    return {};
  }

  /** Shows what the Task waits for: as the message of `Failed`, which does not hold (yet). True when it is news. */
  async #say({ exchange, startTime, signal }: Work, message: string): Promise<boolean> {
    const before = exchange.task;
    const status: Progress = withProgress({ startTime, ...before.status }, 'Failed', false, message);
    exchange.task = await writeStatus(this.#parts.client, Task, before, status, signal);
    return exchange.task !== before;
  }

  /** A Task that nobody waits for any more, or not yet: it does not begin, and gets the end that its Job tells of. */
  async #unwanted(task: Task, attempt: Attempt | undefined, standing: Standing, signal: AbortSignal) {
    if (standing === 'completed') {
      const status = statusRestored(task.status, { type: 'Completed' });
      await writeStatus(this.#parts.client, Task, task, status, signal);
      return {};
    }
    if (standing === 'lost' && attempt !== undefined) return await this.#lost(task, attempt, signal);
    return { requeueAfterSeconds: this.#parts.settings.missingRetrySeconds };
  }

  #lost(task: Task, { at }: Attempt, signal: AbortSignal): Promise<ReconcileResult> {
    const object = `Task ${keyOf(task.metadata)}`;
    return this.#fail(task, new CaptError('BMC_STATUS_LOST', { object, at }), signal);
  }

  /** False when a Task is gone, or its Job is gone, going, at its end, or has lost its status: nothing is begun any more. */
  #isWanted(task: Task): boolean {
    const { tasks, jobs } = this.#parts;
    const current = tasks.get(nameOf(task));
    if (current?.metadata.uid !== task.metadata.uid || current?.metadata.deletionTimestamp !== undefined) return false;
    return standingOf(task, jobs) === 'wanted';
  }

  #isOver(startedMs: number): boolean {
    return this.#parts.clock.now() >= startedMs + this.#parts.settings.taskTimeoutSeconds * 1000;
  }

  /** The longer it takes, the less often it is worth a look. */
  #readBackSeconds(at: string): number {
    const { clock, settings } = this.#parts;
    const since = (clock.now() - Date.parse(at)) / 1000;
    return Math.min(settings.readBackSeconds * 10, Math.max(settings.readBackSeconds, since / 10));
  }
}
