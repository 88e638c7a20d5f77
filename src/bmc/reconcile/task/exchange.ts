import { Task } from '../../../api/bmc/v1alpha1/task.ts';
import { type Clock, sleep } from '../../../api/time/clock.ts';
import type { Client } from '../../../kube/client/client.ts';
import { BmcError } from '../../bmc-error.ts';
import type { BmcSession } from '../../port.ts';
import type { BmcSettings } from '../settings.ts';
import { writeAnnotation } from '../status-writer.ts';
import { type Attempt, attemptAnnotation, attemptOf } from './attempt.ts';
import type { Operation, Verdict } from './operation.ts';

export interface ExchangeParts {
  client: Client;
  clock: Clock;
  settings: BmcSettings;
  signal: AbortSignal;
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
    this.attempt = attemptOf(task);
    this.#operation = operation;
    this.#parts = parts;
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
          // Whoever goes on, in this process or another, should know that it arrived.
          if (this.attempt?.taken && !attemptOf(this.task)?.taken) await this.#taken();
          return { type: 'wait' };
        }
        await sleep(clock, settings.holdReadSeconds * 1000, signal);
        signal.throwIfAborted();
      }
    }
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
    await this.#write({
      count: (attempt?.count ?? 0) + 1,
      at: new Date(this.#parts.clock.now()).toISOString(),
      before: attempt?.before ?? this.#operation.remember(reading),
    });
    if (this.task.metadata.deletionTimestamp === undefined && this.#parts.maySend()) return true;
    await this.#write(attempt);
    return false;
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
    if (attempt !== undefined)
      await this.#write(attempt.count > 1 ? { ...attempt, count: attempt.count - 1 } : undefined);
  }

  async #taken(): Promise<void> {
    if (this.attempt !== undefined) await this.#write({ ...this.attempt, taken: true });
  }

  async #write(attempt: Attempt | undefined): Promise<void> {
    const { client, signal } = this.#parts;
    const annotation = { key: attemptAnnotation, value: attempt === undefined ? null : JSON.stringify(attempt) };
    this.task = await writeAnnotation(client, Task, this.task, annotation, signal);
    this.attempt = attempt;
  }
}
