import type { AgentDeath, MachineFaults } from './faults.ts';

/** What is left of the faults of one machine: each strikes as often as it was told to. */
export class RemainingFaults {
  readonly nodeNeverComes: boolean;
  #deaths: AgentDeath[];
  #skippedNetboots: number;
  #failingActions: number;
  /** Actions handed to this machine so far, less one. */
  #action = -1;

  constructor(faults: MachineFaults) {
    this.nodeNeverComes = faults.nodeNeverComes;
    this.#deaths = [...faults.deaths];
    this.#skippedNetboots = faults.skippedNetboots;
    this.#failingActions = faults.failingActions;
  }

  skipsNetboot(): boolean {
    return this.#skippedNetboots-- > 0;
  }

  failsAction(): boolean {
    return this.#failingActions-- > 0;
  }

  /** The death that is due at this point, if any. */
  death(at: AgentDeath['at']): AgentDeath | undefined {
    if (at === 'handed') this.#action++;
    const due = this.#deaths.find((death) => death.action === this.#action && death.at === at);
    this.#deaths = this.#deaths.filter((death) => death !== due);
    return due;
  }
}
