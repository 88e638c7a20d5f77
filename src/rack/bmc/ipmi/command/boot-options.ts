import type { Clock } from '../../../../api/time/clock.ts';
import { decodeBootFlags, encodeBootFlags } from '../../../../bmc/ipmi/command/boot-flags.ts';
import { bootParameter, keepFlagsOnTimeout } from '../../../../bmc/ipmi/command/boot-options.ts';
import type { BootOverride, BootOverrideState } from '../../../../bmc/port.ts';
import type { Chassis } from '../../chassis.ts';

/** How long boot flags last when no chassis command comes (IPMI v2.0 table 28-14, parameter 3). */
const flagTimeoutMs = 60_000;

/** The boot options of a BMC; the boot flags themselves are the machine's. */
export class BootOptions implements Disposable {
  readonly #chassis: Chassis;
  readonly #clock: Clock;
  readonly #values = new Map<number, Buffer>([
    [bootParameter.setInProgress, Buffer.of(0)],
    [bootParameter.validBitClearing, Buffer.of(0)],
    [bootParameter.infoAcknowledge, Buffer.of(0, 0)],
  ]);
  #stopCountdown: () => void = () => undefined;

  constructor(chassis: Chassis, clock: Clock) {
    this.#chassis = chassis;
    this.#clock = clock;
  }

  /** `undefined` for a parameter that there is none of. */
  get(parameter: number): Buffer | undefined {
    if (parameter === bootParameter.bootFlags) return encodeBootFlags(complete(this.#chassis.bootOverride()));
    return this.#values.get(parameter);
  }

  /** False for a parameter that there is none of. @throws Malformed when the value is too short */
  set(parameter: number, value: Buffer): boolean {
    if (parameter === bootParameter.bootFlags) {
      this.#chassis.setBootOverride(complete(decodeBootFlags(value)));
      this.countDown();
      return true;
    }
    const known = this.#values.get(parameter);
    if (known === undefined) return false;
    this.#values.set(parameter, Buffer.concat([value, Buffer.alloc(known.length)], known.length));
    return true;
  }

  /** Begins the wait for a chassis command anew. */
  countDown(): void {
    this[Symbol.dispose]();
    const mask = this.#values.get(bootParameter.validBitClearing)?.[0] ?? 0;
    if (!this.#chassis.bootOverride().active || (mask & keepFlagsOnTimeout) !== 0) return;
    this.#stopCountdown = this.#clock.after(flagTimeoutMs, () => this.#chassis.setBootOverride(undefined));
  }

  [Symbol.dispose](): void {
    this.#stopCountdown();
  }
}

/** An override that names a device which the machine has; else none. */
function complete(state: BootOverrideState): BootOverride | undefined {
  const { active, device, efiBoot = false, persistent = false } = state;
  return active && device !== undefined ? { device, efiBoot, persistent } : undefined;
}
