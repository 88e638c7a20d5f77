import type { Dice } from './dice.ts';

/** What can be wrong with a BMC whatever protocol it speaks. What is wrong with the machine: see `FakeChassis`. */
export interface BmcFaults {
  /** Says yes to power commands and does nothing. */
  silentSuccess: boolean;
  /** Pause before every answer, in milliseconds. */
  slowMs: number;
  /** Probability that a command is answered by "busy". */
  busyChance: number;
  /** Forgets every session after so many commands, as on a restart of the BMC; 0 for never. */
  forgetsSessionsAfter: number;
  /** Lets nobody in. */
  refusesCredentials: boolean;
}

export const noFaults: BmcFaults = {
  silentSuccess: false,
  slowMs: 0,
  busyChance: 0,
  forgetsSessionsAfter: 0,
  refusesCredentials: false,
};

/** Faults for a test run: each kind now and then, several at once at times. */
export function rollFaults(dice: Dice): BmcFaults {
  return {
    silentSuccess: dice.chance(0.15),
    slowMs: dice.chance(0.3) ? 1 + dice.below(2000) : 0,
    busyChance: dice.chance(0.3) ? dice.next() / 2 : 0,
    forgetsSessionsAfter: dice.chance(0.3) ? 1 + dice.below(10) : 0,
    refusesCredentials: dice.chance(0.1),
  };
}
