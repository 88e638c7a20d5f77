import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../api/time/clock.ts';
import type { ActionContext, ActionResult, Finale, NativeAction } from '../actions/action.ts';
import { agentEvent } from '../telemetry.ts';
import { ActionRunner } from './action-runner.ts';
import { Agent, type AgentOptions } from './agent.ts';
import type { FakeServer } from './fake-server.ts';
import { Journal } from './journal.ts';

const paths = { sys: '/sys', proc: '/proc', dev: '/dev', run: '/run/none' };

/** Agents one after the other with the same state file, for tests. */
export class AgentRig implements AsyncDisposable {
  readonly file: string;
  /** Names of the actions that ran. */
  readonly done: string[] = [];
  readonly finales: Finale[] = [];
  readonly events: string[] = [];
  readonly running: Promise<void>[] = [];
  stop = new AbortController();
  readonly #folder: string;
  readonly #unsubscribe = agentEvent.subscribe(({ what }) => this.events.push(what));

  private constructor(folder: string) {
    this.#folder = folder;
    this.file = join(folder, 'state', 'agent.json');
  }

  static async create(): Promise<AgentRig> {
    return new AgentRig(await mkdtemp(join(tmpdir(), 'capt-agent-')));
  }

  native(name: string, run: (context: ActionContext) => Promise<ActionResult> = async () => ({})): NativeAction {
    const check = (value: string) => (value === 'bad' ? 'is bad' : undefined);
    return {
      name,
      summary: name,
      variables: [{ name: 'NEEDED', what: 'is needed', default: 'x', check }],
      run: async (context) => {
        this.done.push(name);
        return await run(context);
      },
    };
  }

  runner(actions: readonly NativeAction[], clock = systemClock): ActionRunner {
    return new ActionRunner({ actions, clock, paths, env: process.env, graceSeconds: 0.05, stopSeconds: 30 });
  }

  async journal(): Promise<Journal> {
    return await Journal.open(this.file, '/proc');
  }

  async start(
    server: FakeServer,
    actions: readonly NativeAction[],
    options: Partial<AgentOptions> = {},
  ): Promise<void> {
    const { clock = systemClock } = options;
    const agent = new Agent({
      server,
      runner: this.runner(actions, clock),
      journal: options.journal ?? (await this.journal()),
      clock,
      proc: '/proc',
      finale: async (finale) => void this.finales.push(finale),
      backoff: { initialMs: 1, maxMs: 2 },
      stopReportSeconds: 1,
      ...options,
    });
    this.running.push(agent.run(this.stop.signal));
  }

  /** Ends the agents; the file stays for the next. */
  async end(): Promise<void> {
    this.stop.abort();
    this.stop = new AbortController();
    await Promise.all(this.running);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#unsubscribe();
    await this.end();
    await rm(this.#folder, { recursive: true });
  }
}
