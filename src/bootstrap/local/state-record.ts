import { messageOf } from '../../api/errors/capt-error.ts';
import { type ControlPlaneState, writeState } from './state.ts';

/**
 * The record of a running control plane: the file follows every change at once. A record that cannot be written (disk
 * full, folder gone) does not stop what is running; it is reported, once until it works again.
 */
export class StateRecord {
  readonly #file: string;
  readonly #report: (line: string) => void;
  readonly #now: () => Date;
  #current: ControlPlaneState;
  #failing = false;

  constructor(
    file: string,
    initial: Omit<ControlPlaneState, 'since'>,
    now: () => Date,
    report: (line: string) => void,
  ) {
    this.#file = file;
    this.#report = report;
    this.#now = now;
    this.#current = { ...initial, since: now().toISOString() };
    // The first write must succeed: without it `down` would find nothing.
    writeState(file, this.#current);
  }

  get current(): ControlPlaneState {
    return this.#current;
  }

  update(change: Partial<Omit<ControlPlaneState, 'since'>>): void {
    const samePhase = change.phase === undefined || change.phase === this.#current.phase;
    const since = samePhase ? this.#current.since : this.#now().toISOString();
    this.#current = { ...this.#current, ...change, since };
    try {
      writeState(this.#file, this.#current);
      this.#failing = false;
    } catch (error) {
      if (!this.#failing) this.#report(`cannot record the state in ${this.#file}: ${messageOf(error)}`);
      this.#failing = true;
    }
  }
}
