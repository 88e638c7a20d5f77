import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment, NativeAction, Progress } from '../../src/agent/actions/action.ts';
import { nativeActions } from '../../src/agent/actions/registry.ts';
import { ActionRunner } from '../../src/agent/loop/action-runner.ts';
import { handed } from '../../src/agent/loop/fake-server.ts';
import type { Outcome } from '../../src/agent/loop/workflow-server.ts';
import { processesOf } from '../../src/agent/process/process-tree.ts';
import { actionOutput } from '../../src/agent/telemetry.ts';
import { systemClock } from '../../src/api/time/clock.ts';

/** Runs native actions as the agent does, and looks for what they leave behind. */
export class ActionBench implements Disposable {
  readonly run = mkdtempSync(join(tmpdir(), 'capt-actions-'));
  readonly output: string[] = [];
  readonly progress: Progress[] = [];
  readonly stop = new AbortController();
  readonly #mark = randomUUID();
  readonly #stopListening = actionOutput.subscribe(({ line }) => this.output.push(line));
  readonly #actions: readonly NativeAction[];
  readonly #path: string;

  /** `path` stands before the `PATH` of the programs. */
  constructor(options: { path?: string; actions?: readonly NativeAction[] } = {}) {
    this.#actions = options.actions ?? nativeActions;
    this.#path = [...(options.path ? [options.path] : []), process.env['PATH']].join(':');
  }

  async perform(image: string, environment: Environment, command: readonly string[] = []): Promise<Outcome> {
    const paths = { sys: '/sys', proc: '/proc', dev: '/dev', run: this.run };
    const env = { PATH: this.#path };
    const runner = new ActionRunner({ actions: this.#actions, clock: systemClock, paths, env, graceSeconds: 0.05 });
    const onProgress = (progress: Progress) => this.progress.push(progress);
    const action = handed('under-test', { image, environment, command });
    return await runner.run(action, { mark: this.#mark, signal: this.stop.signal, onProgress });
  }

  /** Processes, mounts and files that an action left; none is right. */
  async leftovers(): Promise<string[]> {
    const processes = await processesOf({ mark: this.#mark }, '/proc');
    const mounted = mounts().filter((line) => line.includes(this.run));
    return [...processes.map((pid) => `process ${pid}`), ...mounted, ...(await readdir(this.run))];
  }

  [Symbol.dispose](): void {
    this.#stopListening();
    rmSync(this.run, { recursive: true });
  }
}

function mounts(): string[] {
  return readFileSync('/proc/self/mounts', 'utf8').trim().split('\n');
}
