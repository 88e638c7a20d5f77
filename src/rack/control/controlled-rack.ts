import type { BootOverrideState } from '../../bmc/port.ts';
import type { BootOrder, MachineView, PowerOrder } from './protocol.ts';

/** What the control socket needs of a machine, simulated or not. */
export interface ControlledMachine {
  readonly name: string;
  view(): MachineView | Promise<MachineView>;
  /** Begins to do it. */
  power(order: PowerOrder): void;
  /** `undefined` takes back what was said before. */
  boot(order: BootOrder | undefined): void;
  /** Writes what its screen shows, as PNG. Rejects when it has none, or is off. */
  screenshot(file: string): Promise<void>;
}

/** The boot order that a BMC has been told, if it holds. */
export function bootOrderOf({ active, device, persistent }: BootOverrideState): { boot?: BootOrder } {
  return active && device !== undefined ? { boot: { device, persistent: persistent ?? false } } : {};
}

/** How much of what happened to a machine is shown. */
export const historyShown = 20;
