import { Dice } from '../../src/rack/bmc/dice.ts';

/** The dice of simulated hardware, for tests that also choose among things. */
export class Random extends Dice {
  pick<T>(choices: readonly T[]): T {
    const choice = choices[this.below(choices.length)];
    if (choice === undefined) throw new TypeError('nothing to pick from');
    return choice;
  }
}
