import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../../src/api/time/clock.ts';
import type { Client } from '../../src/kube/client/client.ts';
import { FakeChassis, type FakeChassisOptions } from '../../src/rack/bmc/fake-chassis.ts';
import type { BmcFaults } from '../../src/rack/bmc/faults.ts';
import { MachineBmc } from '../../src/rack/bmc/machine-bmc.ts';
import type { VirtualRedfishTls } from '../../src/rack/bmc/redfish/options.ts';
import { register } from '../../src/rack/simulated/manifests.ts';
import { ScriptedAgent, type ScriptedAgentOptions } from './scripted-agent.ts';

export const bmcPassword = 'pw-Tr0ub4dor';

export interface VirtualMachineOptions {
  name: string;
  namespace: string;
  protocol: 'ipmi' | 'redfish';
  /** Redfish speaks HTTPS only. */
  tls?: VirtualRedfishTls;
  machine?: Partial<FakeChassisOptions>;
  faults?: Partial<BmcFaults>;
  password?: string;
}

/** A machine with a virtual BMC on the loopback; its agent runs while it is on and was booted by PXE. */
export class VirtualMachine implements AsyncDisposable {
  readonly name: string;
  readonly chassis: FakeChassis;
  readonly agents: ScriptedAgent[] = [];
  readonly #options: VirtualMachineOptions;
  readonly #bmc: MachineBmc;
  readonly #stop = new AbortController();
  #firmware: Promise<void> = Promise.resolve();

  private constructor(options: VirtualMachineOptions, chassis: FakeChassis, bmc: MachineBmc) {
    this.name = options.name;
    this.chassis = chassis;
    this.#options = options;
    this.#bmc = bmc;
  }

  static async start(options: VirtualMachineOptions): Promise<VirtualMachine> {
    const { protocol, tls, faults = {}, password = bmcPassword } = options;
    const chassis = new FakeChassis({ clock: systemClock, ...options.machine });
    const login = { username: 'admin', password };
    const bmc = await MachineBmc.start({ protocol, chassis, login, faults, ...(tls ? { tls } : {}) });
    return new VirtualMachine(options, chassis, bmc);
  }

  /** What each boot so far was told to boot from. */
  get boots(): string[] {
    return this.chassis.boots.map((override) => override?.device ?? 'its own choice');
  }

  /** Power commands that arrived. */
  get powerCommands(): string[] {
    return this.chassis.commands.filter((command) => command === 'on' || command === 'off');
  }

  /** Actions that an agent began here, with leave of the server. */
  get started(): string[] {
    return this.agents.flatMap(({ started }) => started);
  }

  /** Makes its Secret, bmc Machine and Hardware. */
  async register(client: Client, password = this.#options.password ?? bmcPassword): Promise<void> {
    const { name, namespace } = this.#options;
    await register(client, {
      ...{ namespace, name, mac: macOf(this.#bmc.port), address: '192.0.2.1', disk: '/dev/sda' },
      connection: this.#bmc.connection({ namespace, name }),
      login: { username: 'admin', password },
    });
  }

  /** From now on the machine boots: an agent by PXE, and nothing of ours otherwise. */
  switchOnFirmware(agent: Omit<ScriptedAgentOptions, 'id'>): void {
    this.#firmware = this.#boot(agent);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#firmware;
    this.chassis[Symbol.dispose]();
    await this.#bmc[Symbol.asyncDispose]();
  }

  async #boot(options: Omit<ScriptedAgentOptions, 'id'>): Promise<void> {
    const { signal } = this.#stop;
    let seen = this.chassis.boots.length;
    let power = new AbortController();
    const running: Promise<unknown>[] = [];
    while (!signal.aborted) {
      const { boots, actualPowerState } = this.chassis;
      if (actualPowerState === 'off' || boots.length > seen) power.abort();
      if (boots.length > seen && actualPowerState === 'on') {
        seen = boots.length;
        power = new AbortController();
        if (boots.at(-1)?.device === 'pxe') {
          const agent = new ScriptedAgent({ ...options, id: this.name });
          this.agents.push(agent);
          running.push(agent.run(AbortSignal.any([signal, power.signal])));
        }
      }
      await delay(20, undefined, { signal }).catch(() => undefined);
    }
    await Promise.all(running);
  }
}

function macOf(port: number): string {
  const hex = port.toString(16).padStart(4, '0');
  return `02:00:00:00:${hex.slice(0, 2)}:${hex.slice(2)}`;
}
