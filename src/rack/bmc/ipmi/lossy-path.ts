import type { Clock } from '../../../api/time/clock.ts';
import type { Dice } from '../dice.ts';

/** What can happen to a datagram on its way, as probabilities. */
export interface UdpFaults {
  lostChance: number;
  doubledChance: number;
  /** Held back until the next one in the same direction has overtaken it, or until `heldMs` are over. */
  overtakenChance: number;
  /** In milliseconds. Default 50. */
  heldMs?: number;
}

export const noUdpFaults: UdpFaults = { lostChance: 0, doubledChance: 0, overtakenChance: 0 };

/** Faults for a test run. */
export function rollUdpFaults(dice: Dice): UdpFaults {
  const chance = () => (dice.chance(0.5) ? dice.next() * 0.3 : 0);
  return { lostChance: chance(), doubledChance: chance(), overtakenChance: chance() };
}

/** One direction of a network between two parties. */
export class LossyPath implements Disposable {
  readonly #clock: Clock;
  readonly #dice: Dice | undefined;
  readonly #faults: UdpFaults;
  #held: { deliver: () => void; stopWaiting: () => void } | undefined;

  constructor(clock: Clock, faults: UdpFaults, dice?: Dice) {
    this.#clock = clock;
    this.#faults = faults;
    this.#dice = dice;
  }

  /** Calls `deliver` once, twice or never, now or later. */
  send(deliver: () => void): void {
    const { lostChance, doubledChance, overtakenChance, heldMs = 50 } = this.#faults;
    if (this.#roll(lostChance)) return;
    if (this.#held === undefined && this.#roll(overtakenChance)) {
      this.#held = { deliver, stopWaiting: this.#clock.after(heldMs, () => this.#release()) };
      return;
    }
    deliver();
    if (this.#roll(doubledChance)) deliver();
    this.#release();
  }

  /** Loses what is on its way. */
  [Symbol.dispose](): void {
    this.#held?.stopWaiting();
    this.#held = undefined;
  }

  #release(): void {
    const held = this.#held;
    this[Symbol.dispose]();
    held?.deliver();
  }

  #roll(probability: number): boolean {
    return this.#dice?.chance(probability) === true;
  }
}
