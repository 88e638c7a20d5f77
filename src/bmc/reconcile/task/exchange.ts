import { Task } from '../../../api/bmc/v1alpha1/task.ts';
import { type Clock, sleep } from '../../../api/time/clock.ts';
import type { Client } from '../../../kube/client/client.ts';
import { nameOf } from '../../../kube/objects/name-of.ts';
import { BmcError } from '../../bmc-error.ts';
import type { BmcSession } from '../../port.ts';
import type { BmcSettings } from '../settings.ts';
import { writeAnnotation, writeStatus } from '../status-writer.ts';
import { type Attempt, attemptAnnotation, attemptOf } from './attempt.ts';
import type { Operation, Verdict } from './operation.ts';
import type { SentTasks } from './sent-tasks.ts';

export interface ExchangeParts {
  client: Client;
  clock: Clock;
  settings: BmcSettings;
  signal: AbortSignal;
  /** When the Task began; in its status before anything is written down that was sent. */
  startTime: string;
  sent: SentTasks;
  /** Asked before anything is sent: there may be no time left, or nobody who wants it any more. */
  maySend(): boolean;
}

/** Kinds of failure after which it is certain that the BMC did nothing. */
const nothingHappened = new Set(['rejected', 'unsupported', 'unauthorized', 'busy']);

/** The dealings of one Task with its BMC in one reconcile: look, write down, send, look again. */
export class Exchange {
  readonly #parts: ExchangeParts;
  readonly #operation: Operation;
  /** The Task as it was written last. */
  task: Task;
  attempt: Attempt | undefined;
  /** What was read last, in words. */
  lastReading: string | undefined;

  constructor(task: Task, operation: Operation, parts: ExchangeParts) {
    this.task = task;
    this.#operation = operation;
    this.#parts = parts;
    const attempt = attemptOf(task);
    this.attempt = attempt?.ahead === undefined ? attempt : this.#perhapsSent();
  }

  /** A mark that was written ahead says that something may have been sent until this moment, unless we know better. */
  #perhapsSent(): Attempt | undefined {
    if (!this.#operation.lags || this.#parts.sent.isUnsent(this.task)) return undefined;
    return { count: 1, at: new Date(this.#parts.clock.now()).toISOString(), before: 'unknown' };
  }

  /** Does what can be done in one session; may be called again with another session. */
  async run(session: BmcSession): Promise<Verdict> {
    const { clock, settings, signal } = this.#parts;
    const endMs = clock.monotonic() + settings.holdSeconds * 1000;
    for (;;) {
      const reading = await this.#operation.read(session, { signal });
      this.lastReading = this.#operation.describe(reading);
      const verdict = this.#decide(reading);
      if (verdict.type === 'done' || verdict.type === 'fail') return verdict;
      if (verdict.type === 'taken') await this.#taken();
      if (verdict.type === 'send') {
        if (!(await this.#writeDown(reading))) return { type: 'wait' };
        await this.#send(session);
      } else {
        if (clock.monotonic() >= endMs) {
          await this.keep();
          return { type: 'wait' };
        }
        await sleep(clock, settings.holdReadSeconds * 1000, signal);
        signal.throwIfAborted();
      }
    }
  }

  /** Writes down what only this process knows: whoever goes on, here or in another process, should know that it arrived. */
  async keep(): Promise<void> {
    const { attempt } = this;
    const written = attemptOf(this.task);
    if (attempt === undefined || (written?.ahead === undefined && !(attempt.taken && !written?.taken))) return;
    await this.#write(attempt);
  }

  #decide(reading: unknown): Verdict {
    const { attempt } = this;
    const sinceMs = attempt === undefined ? 0 : this.#parts.clock.now() - Date.parse(attempt.at);
    return this.#operation.decide({ reading, attempt, sinceSeconds: Math.max(0, sinceMs / 1000) });
  }

  /** From here on a crash finds that something may have been sent. */
  async #writeDown(reading: unknown): Promise<boolean> {
    if (!this.#parts.maySend()) return false;
    const { attempt } = this;
    const next = {
      count: (attempt?.count ?? 0) + 1,
      at: new Date(this.#parts.clock.now()).toISOString(),
      before: attempt?.before ?? this.#operation.remember(reading),
    };
    if (attempt === undefined && this.#isCovered()) {
      this.#parts.client.assertMayWrite();
      this.#parts.sent.add(this.task);
      this.attempt = next;
      return true;
    }
    await this.#write(next);
    if (this.task.metadata.deletionTimestamp === undefined && this.#parts.maySend()) return true;
    await this.#write(attempt);
    return false;
  }

  /** The mark that the Task was made with tells already that something may have been sent, and that it is wanted. */
  #isCovered(): boolean {
    const { sent, clock, settings } = this.#parts;
    const ageMs = clock.now() - Date.parse(attemptOf(this.task)?.at ?? '');
    return sent.isUnsent(this.task) && ageMs < settings.aheadSeconds * 1000;
  }

  async #send(session: BmcSession): Promise<void> {
    const { attempt } = this;
    try {
      await this.#operation.send(session, { signal: this.#parts.signal });
    } catch (error) {
      if (error instanceof BmcError && nothingHappened.has(error.kind)) await this.#takeBack();
      throw error;
    }
    if (attempt === undefined) return;
    if (this.#operation.onceOnly) await this.#taken();
    else this.attempt = { ...attempt, taken: true };
  }

  /** What was written down did not happen. Of those before it nothing more is known than that they were sent. */
  async #takeBack(): Promise<void> {
    const { attempt } = this;
    if (attempt === undefined) return;
    if (attempt.count > 1) await this.#write({ ...attempt, count: attempt.count - 1 });
    else if (attemptOf(this.task)?.ahead === undefined) await this.#write(undefined);
    else {
      this.#parts.sent.delete(nameOf(this.task));
      this.attempt = undefined;
    }
  }

  async #taken(): Promise<void> {
    if (this.attempt !== undefined) await this.#write({ ...this.attempt, taken: true });
  }

  async #write(attempt: Attempt | undefined): Promise<void> {
    const { client, signal, startTime } = this.#parts;
    // A Task that has sent something and has no start in its status is one that was restored.
    this.task = await writeStatus(client, Task, this.task, { startTime, ...this.task.status }, signal);
    const annotation = { key: attemptAnnotation, value: attempt === undefined ? null : JSON.stringify(attempt) };
    this.task = await writeAnnotation(client, Task, this.task, annotation, signal);
    this.attempt = attempt;
  }
}
