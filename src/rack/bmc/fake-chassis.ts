import type { Clock } from '../../api/time/clock.ts';
import type { BootOverride, BootOverrideState, PowerAction, PowerState } from '../../bmc/port.ts';
import type { Chassis } from './chassis.ts';

/** What a fake chassis can be told to take and forget. */
export type ChassisCommand = PowerAction | 'bootOverride' | 'medium' | 'nmi';

export interface FakeChassisOptions {
  clock: Clock;
  /** What it begins as. Default `off`. */
  powerState?: 'on' | 'off';
  /** How long the machine takes to get there, in milliseconds. Default 0: at once, before `power` returns. */
  delaysMs?: Partial<Record<PowerAction, number>>;
  /** How long a power cycle stays off, in milliseconds. Default 0. */
  offTimeMs?: number;
  /** How long `powerState` tells what was true before, in milliseconds. Default 0. */
  lagMs?: number;
  /** Commands taken without a word and never carried out: a silent failure. */
  ignores?: Iterable<ChassisCommand>;
  /** Told whenever the machine has come on (a restart included) or gone off. */
  onPower?: (state: 'on' | 'off') => void;
}

interface Change {
  atMs: number;
  state: 'on' | 'off';
}

/**
 * A machine in memory: a power state, a boot override that one boot uses up, and a drive. It is quick and obedient
 * unless its options, which may be changed at any time, say otherwise.
 */
export class FakeChassis implements Chassis, Disposable {
  lagMs: number;
  offTimeMs: number;
  readonly delaysMs: Partial<Record<PowerAction, number>>;
  readonly ignores: Set<ChassisCommand>;
  /** Every command that came in, in order, ignored ones too. */
  readonly commands: ChassisCommand[] = [];
  /** What each boot so far was told to boot from; `undefined` for its own choice. */
  readonly boots: (BootOverride | undefined)[] = [];
  readonly #clock: Clock;
  readonly #onPower: (state: 'on' | 'off') => void;
  /** Power changes in order of time, the last that is older than the lag first. */
  #changes: Change[];
  #override: BootOverride | undefined;
  #medium: string | undefined;
  /** What has begun and not ended; a new power command puts an end to it. */
  #cancel: () => void = () => undefined;

  constructor(options: FakeChassisOptions) {
    this.#clock = options.clock;
    this.#onPower = options.onPower ?? (() => undefined);
    this.lagMs = options.lagMs ?? 0;
    this.offTimeMs = options.offTimeMs ?? 0;
    this.delaysMs = { ...options.delaysMs };
    this.ignores = new Set(options.ignores);
    this.#changes = [{ atMs: Number.NEGATIVE_INFINITY, state: options.powerState ?? 'off' }];
  }

  /** What is true now, however late the BMC notices. */
  get actualPowerState(): 'on' | 'off' {
    return this.#changes.at(-1)?.state ?? 'off';
  }

  powerState(): PowerState {
    const seenMs = this.#clock.monotonic() - this.lagMs;
    return this.#changes.findLast((change) => change.atMs <= seenMs)?.state ?? 'unknown';
  }

  power(action: PowerAction): void {
    if (!this.#takes(action)) return;
    this.#cancel();
    this.#later(this.delaysMs[action] ?? 0, () => this.#carryOut(action));
  }

  bootOverride(): BootOverrideState {
    return this.#override === undefined ? { active: false } : { active: true, ...this.#override };
  }

  setBootOverride(override: BootOverride | undefined): void {
    if (this.#takes('bootOverride')) this.#override = override && { ...override };
  }

  medium(): string | undefined {
    return this.#medium;
  }

  setMedium(url: string | undefined): void {
    if (this.#takes('medium')) this.#medium = url;
  }

  nmi(): void {
    this.#takes('nmi');
  }

  /** The power is lost, or the machine has switched itself off: nobody gave a command. */
  unplug(): void {
    this.#cancel();
    if (this.actualPowerState === 'on') this.#become('off');
  }

  /** The machine restarts by itself, through its firmware; one that is off stays off. */
  restart(): void {
    if (this.actualPowerState === 'on') this.#boot();
  }

  /** Ends what has begun, so that no timer is left. */
  [Symbol.dispose](): void {
    this.#cancel();
  }

  #takes(command: ChassisCommand): boolean {
    this.commands.push(command);
    return !this.ignores.has(command);
  }

  #carryOut(action: PowerAction): void {
    const isOn = this.actualPowerState === 'on';
    if (action === 'on') {
      if (!isOn) this.#boot();
      return;
    }
    // A machine that is off can neither be shut down nor restarted.
    if (!isOn) return;
    if (action === 'reset') {
      this.#boot();
      return;
    }
    this.#become('off');
    if (action === 'cycle') this.#later(this.offTimeMs, () => this.#boot());
  }

  #boot(): void {
    this.boots.push(this.#override);
    if (this.#override?.persistent === false) this.#override = undefined;
    this.#become('on');
  }

  #become(state: 'on' | 'off'): void {
    const nowMs = this.#clock.monotonic();
    const oldest = this.#changes.findLastIndex((change) => change.atMs <= nowMs - this.lagMs);
    this.#changes = [...this.#changes.slice(Math.max(0, oldest)), { atMs: nowMs, state }];
    this.#onPower(state);
  }

  #later(delayMs: number, callback: () => void): void {
    if (delayMs <= 0) callback();
    else this.#cancel = this.#clock.after(delayMs, callback);
  }
}
