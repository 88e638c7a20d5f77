import { rotateLog } from './log-file.ts';
import { type ProcessSpec, type ProcessStatus, type SupervisedOptions, SupervisedProcess } from './supervised.ts';

export interface SupervisorOptions extends SupervisedOptions {
  /** Time between two looks at the size of the logs. */
  rotateIntervalMs: number;
}

/** Processes that need one another: started in order, each when the one before is ready, and stopped in reverse. */
export class Supervisor {
  readonly #specs: readonly ProcessSpec[];
  readonly #processes: readonly SupervisedProcess[];
  readonly #rotateIntervalMs: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(specs: readonly ProcessSpec[], { rotateIntervalMs, ...options }: SupervisorOptions) {
    this.#specs = specs;
    this.#processes = specs.map((spec) => new SupervisedProcess(spec, options));
    this.#rotateIntervalMs = rotateIntervalMs;
  }

  get statuses(): ProcessStatus[] {
    return this.#processes.map((each) => each.status);
  }

  process(name: string): SupervisedProcess {
    const found = this.#processes.find((each) => each.status.name === name);
    if (found === undefined) throw new Error(`no process called ${name}`);
    return found;
  }

  /** Starts all; each gets `readyTimeoutMs`. When one fails the others stay: `stop` ends them. */
  async start({ readyTimeoutMs, signal }: { readyTimeoutMs: number; signal?: AbortSignal | undefined }): Promise<void> {
    this.#rotate();
    this.#timer = setInterval(() => this.#rotate(), this.#rotateIntervalMs).unref();
    for (const each of this.#processes) await each.start({ timeoutMs: readyTimeoutMs, signal });
  }

  /** False when not all were ready (again) within `timeoutMs`. */
  async waitUntilReady(options: { timeoutMs: number; signal?: AbortSignal | undefined }): Promise<boolean> {
    const results = await Promise.all(this.#processes.map((each) => each.waitUntilReady(options)));
    return results.every(Boolean);
  }

  /** Stops all in reverse order; each gets `graceMs` before SIGKILL. Works after half a start too. */
  async stop({ graceMs }: { graceMs: number }): Promise<void> {
    clearInterval(this.#timer);
    for (const each of this.#processes.toReversed()) await each.stop({ graceMs });
  }

  /** The process that could not start because another program has its port, going by its log. */
  lostPort(): string | undefined {
    const lost = (each: SupervisedProcess) =>
      each.lastLines(50).some((line) => line.includes('address already in use'));
    return this.#processes.find((each) => each.status.state !== 'ready' && lost(each))?.status.name;
  }

  #rotate(): void {
    for (const { logFile } of this.#specs) rotateLog(logFile);
  }
}
