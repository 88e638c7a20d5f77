import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { CaptError } from '../../api/errors/capt-error.ts';
import { Backoff, type BackoffOptions } from './backoff.ts';
import { directorySetting } from './file-failure.ts';
import { identifyProcess, type ProcessIdentity, signalProcess } from './identity.ts';
import { lastWords, tellsOfFullDisk } from './last-words.ts';
import { lastLogLines, logSize, openLog } from './log-file.ts';
import { pause, waitUntil } from './wait-until.ts';

/** `waiting`: it died and will be started again after a pause. */
export type ProcessState = 'starting' | 'ready' | 'waiting' | 'stopped';

export interface ProcessStatus {
  readonly name: string;
  readonly state: ProcessState;
  /** Present while it lives. */
  readonly identity?: ProcessIdentity;
  /** How often it was started again because it had died. */
  readonly restarts: number;
  /** RFC 3339 time since which it is in `state`. */
  readonly since: string;
  /** How it ended last time, in words. */
  readonly lastExit?: string;
}

/** How to start one process and how to tell that it does its work. */
export interface ProcessSpec {
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly directory: string;
  readonly logFile: string;
  /** Asked again and again until it is true. Must not reject, and must give up when `signal` is aborted. */
  readonly isReady: (signal: AbortSignal) => Promise<boolean>;
}

export interface SupervisedOptions {
  backoff: BackoffOptions;
  /** Called synchronously after every change of `status`. */
  onChange: (status: ProcessStatus) => void;
  now: () => Date;
}

/** Deaths in a row before it was ready once, after which starting is given up: a wrong flag will not get better. */
const maxEarlyDeaths = 3;

/**
 * One process that is kept alive: started, watched, started again with back-off when it dies, until `stop`.
 * `start` and `stop` may be called at any time and any number of times.
 */
export class SupervisedProcess {
  readonly #spec: ProcessSpec;
  readonly #options: SupervisedOptions;
  readonly #stopping = new AbortController();
  #status: ProcessStatus;
  #running: Promise<void> | undefined;
  #earlyDeaths = 0;
  #everReady = false;
  #logStart = 0;

  constructor(spec: ProcessSpec, options: SupervisedOptions) {
    this.#spec = spec;
    this.#options = options;
    this.#status = { name: spec.name, state: 'stopped', restarts: 0, since: options.now().toISOString() };
  }

  get status(): ProcessStatus {
    return this.#status;
  }

  /** What it wrote to its log since `start`. */
  lastLines(count: number): string[] {
    return lastLogLines(this.#spec.logFile, count, this.#logStart);
  }

  /** Starts it and resolves once it is ready. Throws `CONTROL_PLANE_NOT_READY`, or the signal's reason. */
  async start({ timeoutMs, signal }: { timeoutMs: number; signal?: AbortSignal | undefined }): Promise<void> {
    this.#stopping.signal.throwIfAborted();
    this.#logStart = logSize(this.#spec.logFile);
    this.#running ??= this.#run();
    const settled = () => this.#status.state === 'ready' || this.#earlyDeaths >= maxEarlyDeaths || this.#stopped;
    const inTime = await waitUntil(settled, { timeoutMs, signal });
    if (this.#status.state === 'ready') return;
    const problem = inTime ? (this.#status.lastExit ?? 'was stopped') : `was not ready after ${timeoutMs / 1000} s`;
    throw this.#notReady(problem);
  }

  /** Resolves when it is ready (again). False when it was not within `timeoutMs`. */
  waitUntilReady(options: { timeoutMs: number; signal?: AbortSignal | undefined }): Promise<boolean> {
    return waitUntil(() => this.#status.state === 'ready', options);
  }

  /** Sends a signal; false when it is not alive at the moment. After SIGKILL it counts as not ready at once. */
  signal(signal: NodeJS.Signals): boolean {
    const { identity } = this.#status;
    if (identity === undefined || !signalProcess(identity, signal)) return false;
    if (signal === 'SIGKILL') this.#change({ state: 'waiting', lastExit: 'ended by SIGKILL' });
    return true;
  }

  /** Ends it: SIGTERM, `graceMs` of patience, SIGKILL. */
  async stop({ graceMs }: { graceMs: number }): Promise<void> {
    this.#stopping.abort();
    const { identity } = this.#status;
    if (identity !== undefined && signalProcess(identity, 'SIGTERM')) {
      const timer = setTimeout(() => signalProcess(identity, 'SIGKILL'), graceMs);
      await this.#running;
      clearTimeout(timer);
    }
    await this.#running;
  }

  get #stopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  async #run(): Promise<void> {
    const backoff = new Backoff(this.#options.backoff);
    while (!this.#stopped) {
      const started = performance.now();
      const exit = await this.#live();
      if (this.#stopped) break;
      if (!this.#everReady) this.#earlyDeaths += 1;
      this.#change({ state: 'waiting', lastExit: exit, identity: undefined });
      const delayMs = backoff.nextDelayMs(performance.now() - started);
      // Rejects only when we are stopped, which the loop sees.
      await pause(delayMs, this.#stopping.signal).catch(() => undefined);
      if (!this.#stopped) this.#change({ state: 'starting', restarts: this.#status.restarts + 1 });
    }
    this.#change({ state: 'stopped', identity: undefined });
  }

  /** One life of the process, from start to end; tells in words how it ended. */
  async #live(): Promise<string> {
    const died = new AbortController();
    let child: ChildProcess;
    try {
      child = this.#spawn();
    } catch (error) {
      return `could not be started: ${(error as Error).message}`;
    }
    const ended = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(`could not be started: ${error.message}`));
      child.once('exit', (code, signal) =>
        resolve(code === null ? `ended by ${signal}` : `ended with exit code ${code}`),
      );
    });
    const identity = child.pid === undefined ? undefined : identifyProcess(child.pid);
    this.#change({ state: 'starting', identity });
    const becameReady = this.#watchReadiness(died.signal);
    const exit = await ended;
    died.abort();
    await becameReady;
    return exit;
  }

  async #watchReadiness(died: AbortSignal): Promise<void> {
    try {
      const isReady = () => this.#spec.isReady(died);
      await waitUntil(isReady, { timeoutMs: Number.POSITIVE_INFINITY, intervalMs: 50, signal: died });
      this.#everReady = true;
      this.#earlyDeaths = 0;
      if (!died.aborted && this.#status.state === 'starting') this.#change({ state: 'ready' });
    } catch (error) {
      if (!died.aborted) throw error;
    }
  }

  #spawn(): ChildProcess {
    const { file, args, environment, directory, logFile } = this.#spec;
    const log = openLog(logFile);
    try {
      // A session of its own: Ctrl-C at our terminal must not reach all processes at once, they end in order.
      return spawn(file, args, { cwd: directory, env: environment, detached: true, stdio: ['ignore', log, log] });
    } finally {
      closeSync(log);
    }
  }

  #change(change: { [K in keyof ProcessStatus]?: ProcessStatus[K] | undefined }): void {
    const { identity, lastExit, ...rest } = { ...this.#status, ...change };
    this.#status = {
      ...(rest as Pick<ProcessStatus, 'name' | 'state' | 'restarts'>),
      since: change.state === this.#status.state ? this.#status.since : this.#options.now().toISOString(),
      ...(identity === undefined ? {} : { identity }),
      ...(lastExit === undefined ? {} : { lastExit }),
    };
    this.#options.onChange(this.#status);
  }

  #notReady(problem: string): CaptError {
    const { name, logFile, directory } = this.#spec;
    const lines = this.lastLines(400);
    if (tellsOfFullDisk(lines)) {
      return new CaptError('DISK_FULL', { path: directory, doing: `${name} writes there`, ...directorySetting });
    }
    return new CaptError('CONTROL_PLANE_NOT_READY', {
      process: name,
      problem,
      logFile,
      output: lastWords(lines, 8).join('\n'),
    });
  }
}
