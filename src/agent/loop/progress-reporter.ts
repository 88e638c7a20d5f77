import type { Clock } from '../../api/time/clock.ts';
import type { Progress } from '../actions/action.ts';
import { ProgressMeter, progressText } from './progress-meter.ts';
import type { ActionIdentity, WorkflowServer } from './workflow-server.ts';

export interface ProgressReporterOptions {
  readonly server: WorkflowServer;
  readonly clock: Clock;
  readonly action: ActionIdentity;
  /** False: nothing is sent. */
  readonly wanted: boolean;
  readonly startMs: number;
  /** At most one report in so many seconds. Default 1. */
  readonly intervalSeconds?: number;
  readonly signal: AbortSignal;
  /** The Workflow is gone: nobody wants the action any more. */
  readonly onGone: (reason: string) => void;
}

/** Sends progress one report at a time; while one is under way newer ones are left out. Losing one hurts nobody. */
export class ProgressReporter {
  readonly #options: ProgressReporterOptions;
  readonly #meter: ProgressMeter;
  #underway: Promise<void> | undefined;
  #closed = false;

  constructor(options: ProgressReporterOptions) {
    this.#options = options;
    this.#closed = !options.wanted;
    this.#meter = new ProgressMeter(options.clock, options.intervalSeconds);
  }

  offer(progress: Progress): void {
    if (this.#closed || this.#underway !== undefined) return;
    const report = this.#meter.take(progress);
    if (report === undefined) return;
    const { server, action, startMs, signal, onGone } = this.#options;
    const message = progressText(report);
    this.#underway = server
      .tell({ action, state: 'RUNNING', startMs, message, progress: report }, signal)
      .then((told) => {
        if (told.kind === 'refused' && told.gone) onGone(told.reason);
      })
      .finally(() => {
        this.#underway = undefined;
      });
  }

  /** No more reports; resolves when the last is answered, so that none comes after the end. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#underway;
  }
}
