import { randomUUID } from 'node:crypto';
import { CaptError, messageOf } from '../../api/errors/capt-error.ts';
import { type Clock, sleep } from '../../api/time/clock.ts';
import type { Finale } from '../actions/action.ts';
import { killAll } from '../process/process-tree.ts';
import { agentEvent } from '../telemetry.ts';
import type { ActionRunner } from './action-runner.ts';
import { Backoff, type BackoffOptions } from './backoff.ts';
import type { Entry, Journal } from './journal.ts';
import { ProgressReporter } from './progress-reporter.ts';
import type {
  ActionIdentity,
  ActionReport,
  ActionState,
  HandedAction,
  Outcome,
  Told,
  WorkflowServer,
} from './workflow-server.ts';

export interface AgentOptions {
  readonly server: WorkflowServer;
  readonly runner: Pick<ActionRunner, 'run'>;
  readonly journal: Pick<Journal, 'read' | 'write' | 'clear' | 'setAside'>;
  readonly clock: Clock;
  /** Root of `/proc`, where processes of an interrupted action are looked for. */
  readonly proc: string;
  readonly finale: (finale: Finale, signal: AbortSignal) => Promise<void>;
  readonly backoff?: Omit<BackoffOptions, 'clock'>;
  /** At most one progress report in so many seconds. Default 1. */
  readonly progressIntervalSeconds?: number;
  /** How long a report may take when the agent is told to stop. Default 5. */
  readonly stopReportSeconds?: number;
}

/** An action whose start the server has recorded with the end of the one before: it is due now. */
type Begun = HandedAction | undefined;

/**
 * The loop of an agent: ask, say that it begins, do it, say how it went, for ever. What it is busy with stands in the
 * journal before each step, so that the next agent goes on after a kill at any instant: an action that was not begun is
 * begun, one that was interrupted is reported as failed and never done again, one that has ended is reported.
 *
 * A server of ours answers the report of a success with the action that follows, as begun: until that runs, the journal has
 * the success, and whoever reports it again gets the same answer.
 */
export class Agent {
  readonly #options: AgentOptions;
  readonly #backoff: Backoff;

  constructor(options: AgentOptions) {
    this.#options = options;
    this.#backoff = new Backoff({ ...options.backoff, clock: options.clock });
  }

  /** Runs until `signal` aborts. Rejects only when it must not go on (`ACTION_PROCESSES_LEFT`, a stuck action). */
  async run(signal: AbortSignal): Promise<void> {
    let begun = await this.#recover(signal);
    while (!signal.aborted) {
      begun =
        begun === undefined
          ? await this.#ask(signal)
          : await this.#perform(begun, randomUUID(), this.#options.clock.now(), signal);
    }
  }

  async #ask(signal: AbortSignal): Promise<Begun> {
    const asked = await this.#options.server.ask(signal);
    if (signal.aborted) return undefined;
    if (asked.kind === 'action') return await this.#begin(asked.action, randomUUID(), signal);
    const level = asked.kind === 'failed' ? 'warn' : 'debug';
    event(level, asked.kind === 'failed' ? 'cannot ask for work' : 'no work', { reason: asked.reason });
    await this.#backoff.wait(signal);
    return undefined;
  }

  async #recover(signal: AbortSignal): Promise<Begun> {
    const { journal } = this.#options;
    let left: Awaited<ReturnType<Journal['read']>>;
    try {
      left = await journal.read();
    } catch (error) {
      event('error', 'the state of the agent before cannot be read and is put aside', { reason: messageOf(error) });
      await journal.setAside();
      return undefined;
    }
    return left && (await this.#resume(left.entry, left.machineRestarted, signal));
  }

  async #resume(entry: Entry, machineRestarted: boolean, signal: AbortSignal): Promise<Begun> {
    const { journal, clock, proc } = this.#options;
    switch (entry.phase) {
      case 'starting':
        event('info', 'going on where the agent before was ended: nothing was begun', { action: entry.action.name });
        return await this.#begin(entry.action, entry.mark, signal);
      case 'running': {
        const { action, mark, startMs } = entry;
        const who = machineRestarted ? 'the machine restarted' : 'the agent was restarted';
        event('warn', `${who} while an action ran`, { action: action.name });
        const left = await killAll({ mark }, { clock, proc });
        if (left.length > 0) throw new CaptError('ACTION_PROCESSES_LEFT', { processes: left.join(', ') });
        const { message, code } = new CaptError('ACTION_INTERRUPTED', { cause: `${who} while it ran` });
        const stopMs = clock.now();
        const report: ActionReport = { action, state: 'FAILED', startMs, stopMs, message: `${message} [${code}]` };
        return await this.#end({ phase: 'ended', report }, signal);
      }
      case 'ended': {
        // What ends the machine has done so already.
        const { finale: _done, ...ended } = entry;
        return await this.#end(machineRestarted ? ended : entry, signal);
      }
      case 'finale':
        if (machineRestarted) await journal.clear();
        else await this.#finale(entry.finale, signal);
        return undefined;
    }
  }

  async #begin(action: HandedAction, mark: string, signal: AbortSignal): Promise<Begun> {
    const { journal, clock } = this.#options;
    try {
      await journal.write({ phase: 'starting', action, mark });
    } catch (error) {
      event('error', 'the action is not begun', { action: action.name, reason: messageOf(error) });
      await this.#backoff.wait(signal);
      return undefined;
    }
    const startMs = clock.now();
    const told = await this.#tell({ action, state: 'RUNNING', startMs, message: 'running action' }, signal);
    // Nobody knows whether the server has it: the next agent asks again with the same words.
    if (told === undefined) return undefined;
    if (told.kind === 'refused') {
      event('info', 'the server does not want the action begun', { action: action.name, reason: told.reason });
      await journal.clear();
      await this.#backoff.wait(signal);
      return undefined;
    }
    return signal.aborted ? undefined : await this.#perform(action, mark, startMs, signal);
  }

  async #perform(action: HandedAction, mark: string, startMs: number, signal: AbortSignal): Promise<Begun> {
    const { clock } = this.#options;
    const { workflowId, taskId, agentId, actionId, name } = action;
    const identity: ActionIdentity = { workflowId, taskId, agentId, actionId, name };
    event('info', 'action begins', { action: name, image: action.image });
    const beganMs = clock.monotonic();
    const { state, message, finale, stuck } = await this.#run(action, identity, mark, startMs, signal);
    // The wall clock may have been set meanwhile.
    const stopMs = startMs + Math.round(clock.monotonic() - beganMs);
    event(state === 'SUCCESS' ? 'info' : 'error', 'action ended', { action: name, state, message });
    const report: ActionReport = { action: identity, state, startMs, stopMs, message };
    const begun = await this.#end({ phase: 'ended', report, ...(finale === undefined ? {} : { finale }) }, signal);
    if (stuck) throw new CaptError('ACTION_PROCESSES_LEFT', { processes: `the agent itself (${message})` });
    return begun;
  }

  async #run(
    action: HandedAction,
    identity: ActionIdentity,
    mark: string,
    startMs: number,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const { journal, clock, server, runner, progressIntervalSeconds } = this.#options;
    try {
      await journal.write({ phase: 'running', action: identity, mark, startMs });
    } catch (error) {
      // Without the journal it might be done twice.
      return { state: 'FAILED', message: messageOf(error) };
    }
    const cancel = new AbortController();
    const interrupt = (cause: string) => cancel.abort(new CaptError('ACTION_INTERRUPTED', { cause }));
    const stop = () => interrupt('the agent was told to stop');
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    const progress = new ProgressReporter({
      server,
      clock,
      action: identity,
      wanted: action.acceptsProgress,
      startMs,
      signal: cancel.signal,
      onGone: (reason) => interrupt(`the Workflow is gone (${reason})`),
      ...(progressIntervalSeconds === undefined ? {} : { intervalSeconds: progressIntervalSeconds }),
    });
    try {
      return await runner.run(action, { mark, signal: cancel.signal, onProgress: (value) => progress.offer(value) });
    } finally {
      signal.removeEventListener('abort', stop);
      await progress.close();
    }
  }

  /** Reports an end until the server has it, then does what ends the machine. */
  async #end(entry: Entry & { phase: 'ended' }, signal: AbortSignal): Promise<Begun> {
    const { journal } = this.#options;
    const { report, finale } = entry;
    await this.#note(entry);
    const beginsNext = report.state === 'SUCCESS' && finale === undefined && !signal.aborted;
    const told = await this.#tell(beginsNext ? { ...report, beginsNext } : report, signal);
    if (told === undefined) return undefined;
    this.#backoff.reset();
    if (told.kind === 'refused') {
      event('error', 'the server does not want the report', { action: report.action.name, reason: told.reason });
    } else if (finale !== undefined) {
      await this.#note({ phase: 'finale', finale });
      await this.#finale(finale, signal);
      return undefined;
    } else if (beginsNext && told.next !== undefined) {
      // The journal keeps this end until the next action runs: an agent that follows tells it again, and gets that action.
      return told.next;
    }
    await journal.clear();
    return undefined;
  }

  /** What has happened is told whether it can be noted or not. */
  async #note(entry: Entry): Promise<void> {
    await this.#options.journal.write(entry).catch((error) => {
      event('error', 'the state cannot be kept', { phase: entry.phase, reason: messageOf(error) });
    });
  }

  async #finale(finale: Finale, signal: AbortSignal): Promise<void> {
    const { clock, finale: perform, journal } = this.#options;
    event('info', 'the machine ends', { how: finale.how, delaySeconds: finale.delaySeconds ?? 0 });
    await sleep(clock, (finale.delaySeconds ?? 0) * 1000, signal);
    while (!signal.aborted) {
      try {
        await perform(finale, signal);
        return await journal.clear();
      } catch (error) {
        event('error', 'the machine does not end', { how: finale.how, reason: messageOf(error) });
        await this.#backoff.wait(signal);
      }
    }
  }

  /**
   * Tells it again and again until the server answers.
   * @returns undefined when the agent was told to stop before there was an answer
   */
  async #tell(report: ActionReport, signal: AbortSignal): Promise<Exclude<Told, { kind: 'unanswered' }> | undefined> {
    const { server } = this.#options;
    for (;;) {
      using last = this.#lastCall(signal, report.state);
      const told = await server.tell(report, last.signal);
      if (told.kind !== 'unanswered') return told;
      event('warn', 'a report was not answered', {
        action: report.action.name,
        state: report.state,
        reason: told.reason,
      });
      if (signal.aborted) return undefined;
      await this.#backoff.wait(signal);
      if (signal.aborted && report.state === 'RUNNING') return undefined;
    }
  }

  /** A start is not reported any more when the agent stops; an end gets a few seconds. */
  #lastCall(signal: AbortSignal, state: ActionState): Disposable & { signal: AbortSignal } {
    if (state === 'RUNNING') return { signal, [Symbol.dispose]: () => {} };
    const { clock, stopReportSeconds = 5 } = this.#options;
    const deadline = new AbortController();
    let cancel = () => {};
    const begin = () => {
      cancel = clock.after(stopReportSeconds * 1000, () => deadline.abort());
    };
    if (signal.aborted) begin();
    else signal.addEventListener('abort', begin, { once: true });
    return {
      signal: deadline.signal,
      [Symbol.dispose]: () => {
        cancel();
        signal.removeEventListener('abort', begin);
      },
    };
  }
}

function event(
  level: 'debug' | 'info' | 'warn' | 'error',
  what: string,
  fields: Record<string, string | number | boolean>,
): void {
  agentEvent.publish({ level, what, fields });
}
