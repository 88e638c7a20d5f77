import type { Dice } from '../bmc/dice.ts';
import { type BmcFaults, noFaults, rollFaults } from '../bmc/faults.ts';

/** Where an agent can die within one action: before and after each thing that it says, and in the middle of the work. */
export const deathPoints = ['handed', 'begun', 'working', 'worked', 'reported'] as const;

export interface AgentDeath {
  /** Which action of the machine's life, counted from 0 over all workflows. */
  action: number;
  at: (typeof deathPoints)[number];
  /** The whole machine loses its power instead, and comes back on only when somebody switches it on. */
  powerLoss?: boolean;
}

/** What can be wrong with a machine, besides its BMC. */
export interface MachineFaults {
  /** Each happens once. */
  deaths: readonly AgentDeath[];
  /** The OS comes up and its kubelet does not. */
  nodeNeverComes: boolean;
  /** So many boots go to the disk although the network was asked for. */
  skippedNetboots: number;
  /** So many actions, the first ones, fail. */
  failingActions: number;
}

export const noMachineFaults: MachineFaults = {
  deaths: [],
  nodeNeverComes: false,
  skippedNetboots: 0,
  failingActions: 0,
};

/** Faults that a machine gets over by itself or by another attempt. */
export function rollMachineFaults(dice: Dice, actions: number): MachineFaults {
  const deaths = Array.from({ length: dice.below(3) }, () => ({
    action: dice.below(actions),
    at: deathPoints[dice.below(deathPoints.length)] ?? 'handed',
    powerLoss: dice.chance(0.2),
  }));
  return { ...noMachineFaults, deaths, failingActions: dice.chance(0.1) ? 1 : 0 };
}

/**
 * Quirks of a BMC with which a machine can still be dealt with, within minutes: one command in twenty may be refused, and a
 * session lasts long enough for what one is opened for.
 */
export function rollBmcFaults(dice: Dice): BmcFaults {
  const { slowMs, busyChance, forgetsSessionsAfter } = rollFaults(dice);
  return {
    ...noFaults,
    slowMs: Math.min(slowMs, 300),
    busyChance: busyChance / 10,
    forgetsSessionsAfter: forgetsSessionsAfter === 0 ? 0 : 20 + forgetsSessionsAfter,
  };
}
