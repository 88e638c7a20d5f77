import type { BootOverride, BootOverrideState, PowerAction, PowerState } from '../../bmc/port.ts';

/**
 * The machine behind a virtual BMC: the small port that a simulated machine, or one in QEMU, offers to its BMC.
 */
export interface Chassis {
  powerState(): PowerState;
  /** Begins the action; the state follows when the machine has got there. */
  power(action: PowerAction): void;
  bootOverride(): BootOverrideState;
  /** `undefined` takes the override back. */
  setBootOverride(override: BootOverride | undefined): void;
  /** URL of the image in the virtual CD drive. */
  medium(): string | undefined;
  setMedium(url: string | undefined): void;
  nmi(): void;
}
