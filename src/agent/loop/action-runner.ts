import { CaptError, messageOf } from '../../api/errors/capt-error.ts';
import { type Clock, sleep } from '../../api/time/clock.ts';
import type { ActionResult, NativeAction, Paths, Progress } from '../actions/action.ts';
import { checkedEnvironment } from '../actions/environment.ts';
import { imageBaseName, nativeActionFor } from '../actions/native-action-for.ts';
import { Processes } from '../process/processes.ts';
import { actionOutput } from '../telemetry.ts';
import type { HandedAction, Outcome } from './workflow-server.ts';

export interface ActionRunnerOptions {
  /** A function is asked before each action: reading what is never done can be left out. */
  readonly actions: readonly NativeAction[] | (() => Promise<readonly NativeAction[]>);
  readonly clock: Clock;
  readonly paths: Paths;
  /** Environment of the programs that actions run. */
  readonly env: NodeJS.ProcessEnv;
  /** Between SIGTERM and SIGKILL. Default 2. */
  readonly graceSeconds?: number;
  /** How long an action that was told to stop may take for it. Default 60. */
  readonly stopSeconds?: number;
}

export interface RunOptions {
  /** Finds its processes again, also by the next agent. */
  readonly mark: string;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/** Runs one action to its end; it never throws: whatever happens is an outcome. */
export class ActionRunner {
  readonly #options: ActionRunnerOptions;

  constructor(options: ActionRunnerOptions) {
    this.#options = options;
  }

  async run(action: HandedAction, options: RunOptions): Promise<Outcome> {
    const { clock } = this.#options;
    const { timeoutSeconds } = action;
    const timeout = new AbortController();
    const cancelTimer =
      timeoutSeconds > 0
        ? clock.after(timeoutSeconds * 1000, () =>
            timeout.abort(new CaptError('ACTION_TIMEOUT', { seconds: timeoutSeconds })),
          )
        : () => {};
    const signal = AbortSignal.any([options.signal, timeout.signal]);
    try {
      const { message, finale } = await this.#stoppable(this.#perform(action, { ...options, signal }), signal);
      return { state: 'SUCCESS', message: message ?? 'action completed', ...(finale === undefined ? {} : { finale }) };
    } catch (thrown) {
      const error: unknown = signal.aborted ? signal.reason : thrown;
      const state = timeout.signal.aborted && error === timeout.signal.reason ? 'TIMEOUT' : 'FAILED';
      const stuck = thrown instanceof StuckError;
      const also = signal.aborted && thrown !== signal.reason && isOwn(thrown) ? ` (${messageOf(thrown)})` : '';
      return { state, message: `${textOf(error)}${also}`, ...(stuck ? { stuck } : {}) };
    } finally {
      cancelTimer();
    }
  }

  async #perform(action: HandedAction, { mark, signal, onProgress }: RunOptions): Promise<ActionResult> {
    const { clock, paths, env, graceSeconds } = this.#options;
    const actions = await this.#actions();
    const native = nativeActionFor(action.image, actions);
    if (native === undefined) throw unknown(action, actions);
    const log = (line: string) => actionOutput.publish({ action: action.name, line });
    const options = { mark, signal, clock, proc: paths.proc, env, log };
    const processes = new Processes(graceSeconds === undefined ? options : { ...options, graceSeconds });
    try {
      return await native.run({
        env: checkedEnvironment(native, action.environment),
        args: action.command,
        signal,
        clock,
        paths,
        log,
        progress: onProgress,
        run: (command, args, commandOptions) => processes.run(command, args, commandOptions),
        start: (command, args, startOptions) => processes.start(command, args, startOptions),
        own: (mountNamespace) => processes.own(mountNamespace),
      });
    } finally {
      await processes.end();
    }
  }

  async #actions(): Promise<readonly NativeAction[]> {
    const { actions } = this.#options;
    return typeof actions === 'function' ? await actions() : actions;
  }

  /** An action gets some time to stop in good order; whatever it does afterwards nobody waits for. */
  async #stoppable(work: Promise<ActionResult>, signal: AbortSignal): Promise<ActionResult> {
    const { clock, stopSeconds = 60 } = this.#options;
    const over = new AbortController();
    const deadline = new Promise<never>((_, reject) => {
      const begin = () =>
        void sleep(clock, stopSeconds * 1000, over.signal).then(() => {
          if (!over.signal.aborted) reject(new StuckError(`it did not stop within ${stopSeconds} s`));
        });
      if (signal.aborted) begin();
      else signal.addEventListener('abort', begin, { once: true });
    });
    try {
      return await Promise.race([work, deadline]);
    } finally {
      over.abort();
    }
  }
}

class StuckError extends Error {}

function isOwn(thrown: unknown): boolean {
  return thrown instanceof CaptError || thrown instanceof StuckError;
}

function unknown(action: HandedAction, actions: readonly NativeAction[]): CaptError {
  return new CaptError('ACTION_UNKNOWN', {
    name: imageBaseName(action.image),
    image: action.image.slice(0, 200),
    known: actions.map(({ name }) => name).join(', '),
  });
}

/** One line with the stable code, for status and log. */
function textOf(error: unknown): string {
  const text = messageOf(error)
    .replaceAll(/\s*\n\s*/g, '; ')
    .slice(0, 900);
  return error instanceof CaptError ? `${text} [${error.code}]` : text;
}
