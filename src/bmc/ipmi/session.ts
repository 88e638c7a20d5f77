import type {
  BmcCapability,
  BmcInventory,
  BmcSession,
  BootOverride,
  BootOverrideState,
  CallOptions,
  PowerAction,
  PowerState,
  VirtualMedium,
} from '../port.ts';
import {
  acknowledgeBootInfo,
  getBootFlags,
  keepFlagsOnTimeout,
  setBootFlags,
  setValidBitClearing,
} from './command/boot-options.ts';
import { type ChassisAction, chassisControl, getChassisStatus } from './command/chassis.ts';
import type { Command } from './command/command.ts';
import { CommandRefused } from './command/command-refused.ts';
import { completionCode } from './command/completion.ts';
import { readInventory } from './inventory.ts';
import type { Link, RequestOptions } from './link/link.ts';
import { patiently } from './link/patience.ts';
import type { Wire } from './link/wire.ts';
import type { Login } from './login.ts';
import type { IpmiSettings } from './options.ts';

/** One BMC over IPMI. Logs in anew where the BMC has forgotten the session; closes it when disposed of. */
export class IpmiSession implements BmcSession {
  readonly provider = 'ipmi';
  readonly capabilities: ReadonlySet<BmcCapability> = new Set(['power', 'bootOverride', 'inventory', 'nmi']);
  readonly #wire: Wire;
  readonly #login: Login;
  readonly #settings: IpmiSettings;
  #link: Link;

  constructor(wire: Wire, login: Login, settings: IpmiSettings, link: Link) {
    this.#wire = wire;
    this.#login = login;
    this.#settings = settings;
    this.#link = link;
  }

  async powerState(options: CallOptions): Promise<PowerState> {
    const { powerOn } = await this.#read(getChassisStatus, options);
    return powerOn ? 'on' : 'off';
  }

  power(action: PowerAction, options: CallOptions): Promise<void> {
    return this.#act(action, options);
  }

  nmi(options: CallOptions): Promise<void> {
    return this.#act('nmi', options);
  }

  bootOverride(options: CallOptions): Promise<BootOverrideState> {
    return this.#read(getBootFlags, options);
  }

  async setBootOverride(override: BootOverride, options: CallOptions): Promise<void> {
    await this.#tryTo(setValidBitClearing(keepFlagsOnTimeout), options);
    await this.#tryTo(acknowledgeBootInfo(), options);
    await this.#read(setBootFlags(override), options);
  }

  inventory(options: CallOptions): Promise<BmcInventory> {
    return readInventory((command) => this.#read(command, options));
  }

  virtualMedia(): Promise<VirtualMedium[]> {
    return this.#noVirtualMedia();
  }

  insertMedia(): Promise<void> {
    return this.#noVirtualMedia();
  }

  ejectMedia(): Promise<void> {
    return this.#noVirtualMedia();
  }

  /** Always tries to close the session, for a short while, since BMCs have room for very few. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#link.close(this.#settings.closeTimeoutMs);
    this.#wire.close();
  }

  /** A command that may be repeated at will: a question, or one that sets what is then so. */
  async #read<Answer>(command: Command<Answer>, { signal }: CallOptions): Promise<Answer> {
    await this.#freshLink(signal);
    const link = this.#link;
    // Half of the time, since silence may mean that the BMC has forgotten the session; then there is time for another.
    const timeoutMs = this.#settings.requestTimeoutMs / 2;
    try {
      return await this.#ask(link, command, { timeoutMs, signal });
    } catch (error) {
      if (!link.lost || signal.aborted) throw error;
      await this.#freshLink(signal);
      return await this.#ask(this.#link, command, { timeoutMs, signal });
    }
  }

  /** A command that must not be carried out twice. */
  async #act(action: ChassisAction, { signal }: CallOptions): Promise<void> {
    await this.#freshLink(signal);
    const timeoutMs = this.#settings.requestTimeoutMs;
    await this.#ask(this.#link, chassisControl(action), { timeoutMs, signal, atMostOnce: true });
  }

  #ask<Answer>(
    link: Link,
    command: Command<Answer>,
    options: RequestOptions & { signal: AbortSignal },
  ): Promise<Answer> {
    const { timeoutMs, signal } = options;
    const { busyPauseMs, repeatAfterMs } = this.#settings;
    const patience = { clock: this.#wire.clock, timeoutMs, busyPauseMs, answerMs: repeatAfterMs, signal };
    return patiently(patience, (leftMs) => link.request(command, { ...options, timeoutMs: leftMs }));
  }

  /** Sets what not every BMC knows and which is no reason to give up. */
  async #tryTo(command: Command<undefined>, options: CallOptions): Promise<void> {
    try {
      await this.#read(command, options);
    } catch (error) {
      if (!(error instanceof CommandRefused) || !optional.has(error.completionCode)) throw error;
    }
  }

  async #freshLink(signal: AbortSignal): Promise<void> {
    if (!this.#link.lost && this.#link.idleMs < this.#settings.idleLimitMs) return;
    this.#link.abandon();
    this.#link = await this.#login.run(signal);
  }

  #noVirtualMedia(): Promise<never> {
    return Promise.reject(this.#wire.error('unsupported', 'IPMI has no virtual media; Redfish has'));
  }
}

/** How BMCs say that they do not have a boot option: each has its own way. */
const optional: ReadonlySet<number> = new Set([
  0x80,
  0x82,
  completionCode.invalidCommand,
  completionCode.requestLength,
  completionCode.outOfRange,
  completionCode.notPresent,
  completionCode.invalidField,
  completionCode.wrongState,
  completionCode.unspecified,
]);
