import type { Dice } from '../bmc/dice.ts';

/** How long a machine takes for things, in milliseconds; each time up to half as long again, by the machine's dice. */
export interface MachineTimes {
  /** From the command to power. */
  powerMs: number;
  /** Power-on self-test, before anything is booted. */
  postMs: number;
  /** One action. */
  actionMs: number;
  /** From the start of the kernel to the node's registration. */
  osMs: number;
  /** From the end of an agent to the next one. */
  agentRestartMs: number;
  /** From the silence of a node to the verdict of its cluster. */
  silenceMs: number;
  /** Between two looks for something that is not there yet. */
  retryMs: number;
}

/** A machine that is quick at everything, for tests. */
export const quickTimes: MachineTimes = {
  powerMs: 50,
  postMs: 20,
  actionMs: 10,
  osMs: 50,
  agentRestartMs: 100,
  silenceMs: 200,
  retryMs: 300,
};

/** Closer to what people see: tens of seconds from power to node. */
export const leisurelyTimes: MachineTimes = {
  powerMs: 2_000,
  postMs: 5_000,
  actionMs: 2_000,
  osMs: 8_000,
  agentRestartMs: 2_000,
  silenceMs: 10_000,
  retryMs: 2_000,
};

export function about(ms: number, dice: Dice): number {
  return ms * (1 + dice.next() / 2);
}
