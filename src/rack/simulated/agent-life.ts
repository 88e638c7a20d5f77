import type { Entry, Journal } from '../../agent/loop/journal.ts';
import type { ActionReport, Asked, Told, WorkflowServer } from '../../agent/loop/workflow-server.ts';
import type { AgentDeath } from './faults.ts';

/** Where an agent of this machine keeps its state: in memory, like the installer; gone with the power, not with the agent. */
export class MemoryJournal {
  entry: Entry | undefined;
}

export interface AgentLifeOptions {
  server: WorkflowServer;
  journal: MemoryJournal;
  /** Whether the agent dies here; asked at every point of every action. */
  diesAt(at: AgentDeath['at']): boolean;
}

const dead = { kind: 'unanswered', reason: 'this agent is dead' } as const;

/**
 * One process of an agent as it reaches the outside: its server and its journal. From the instant of its death on nothing
 * of it gets out, as if it had been killed.
 */
export class AgentLife implements WorkflowServer {
  readonly journal: Pick<Journal, 'read' | 'write' | 'clear' | 'setAside'>;
  readonly #options: AgentLifeOptions;
  readonly #death = new AbortController();

  constructor(options: AgentLifeOptions) {
    this.#options = options;
    const { journal } = options;
    const keep = async (entry: Entry | undefined) => {
      if (!this.isDead) journal.entry = entry;
    };
    this.journal = {
      read: async () => journal.entry && { entry: journal.entry, machineRestarted: false },
      write: keep,
      clear: () => keep(undefined),
      setAside: () => keep(undefined),
    };
  }

  /** Aborts when it dies. */
  get death(): AbortSignal {
    return this.#death.signal;
  }

  get isDead(): boolean {
    return this.#death.signal.aborted;
  }

  die(): void {
    this.#death.abort();
  }

  async ask(signal: AbortSignal): Promise<Asked> {
    if (this.isDead) return { kind: 'failed', reason: dead.reason };
    const asked = await this.#options.server.ask(AbortSignal.any([signal, this.death]));
    if (asked.kind === 'action') this.pass('handed');
    return asked;
  }

  async tell(report: ActionReport, signal: AbortSignal): Promise<Told> {
    const isEnd = report.state !== 'RUNNING';
    const isProgress = report.progress !== undefined;
    if (isEnd) this.pass('worked');
    if (this.isDead) return dead;
    const told = await this.#options.server.tell(report, AbortSignal.any([signal, this.death]));
    if (told.kind === 'taken' && !isProgress) this.pass(isEnd ? 'reported' : 'begun');
    if (told.kind === 'taken' && told.next !== undefined && !this.isDead) {
      this.pass('handed');
      this.pass('begun');
    }
    return this.isDead ? dead : told;
  }

  close(): void {
    this.#options.server.close();
  }

  /** The life of an action has come to this point; it may be the last one of the agent. */
  pass(at: AgentDeath['at']): void {
    if (!this.isDead && this.#options.diesAt(at)) this.die();
  }
}
