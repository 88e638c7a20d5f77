import { setTimeout as delay } from 'node:timers/promises';
import { Machine } from '../../src/api/bmc/v1alpha1/machine.ts';
import { Secret } from '../../src/api/core/secret.ts';
import { Hardware } from '../../src/api/tinkerbell/v1alpha1/hardware.ts';
import type { Client } from '../../src/kube/client/client.ts';
import { systemClock } from '../../src/kube/clock.ts';
import { FakeChassis, type FakeChassisOptions } from '../../src/rack/bmc/fake-chassis.ts';
import type { BmcFaults } from '../../src/rack/bmc/faults.ts';
import { VirtualIpmiBmc } from '../../src/rack/bmc/ipmi/bmc.ts';
import { Network } from '../../src/rack/bmc/ipmi/network.ts';
import { IpmiBmcServer } from '../../src/rack/bmc/ipmi/server.ts';
import { VirtualRedfishBmc } from '../../src/rack/bmc/redfish/bmc.ts';
import type { VirtualRedfishTls } from '../../src/rack/bmc/redfish/options.ts';
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
  readonly #parts: (AsyncDisposable | Disposable)[];
  readonly #port: number;
  readonly #stop = new AbortController();
  #firmware: Promise<void> = Promise.resolve();

  private constructor(
    options: VirtualMachineOptions,
    chassis: FakeChassis,
    port: number,
    parts: (AsyncDisposable | Disposable)[],
  ) {
    this.name = options.name;
    this.chassis = chassis;
    this.#options = options;
    this.#port = port;
    this.#parts = parts;
  }

  static async start(options: VirtualMachineOptions): Promise<VirtualMachine> {
    const { protocol, tls, faults = {}, password = bmcPassword } = options;
    const chassis = new FakeChassis({ clock: systemClock, ...options.machine });
    const users = [{ name: 'admin', password }];
    if (protocol === 'redfish') {
      const bmc = new VirtualRedfishBmc({ chassis: [chassis], users, faults, ...(tls ? { tls } : {}) });
      const { port } = await bmc.listen();
      return new VirtualMachine(options, chassis, port, [chassis, bmc]);
    }
    const bmc = new VirtualIpmiBmc({ chassis, users, faults });
    const network = new Network(bmc, { slowMs: faults.slowMs ?? 0 });
    const server = await IpmiBmcServer.start(network);
    return new VirtualMachine(options, chassis, server.port, [chassis, bmc, network, server]);
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
    const { name, protocol, namespace } = this.#options;
    const metadata = { namespace, name };
    const stringData = { username: 'admin', password };
    await client.create(Secret, { apiVersion: 'v1', kind: 'Secret', metadata, stringData });
    const providerOptions =
      protocol === 'redfish'
        ? { preferredOrder: ['gofish'], redfish: { port: this.#port } }
        : { preferredOrder: ['ipmitool'], ipmitool: { port: this.#port } };
    const authSecretRef = { namespace, name };
    const connection = { host: '127.0.0.1', insecureTLS: true, authSecretRef, providerOptions };
    await client.create(Machine, {
      apiVersion: 'bmc.tinkerbell.org/v1alpha1',
      kind: 'Machine',
      metadata,
      spec: { connection },
    } as Machine);
    const dhcp = { mac: macOf(this.#port), uefi: true };
    await client.create(Hardware, {
      apiVersion: 'tinkerbell.org/v1alpha1',
      kind: 'Hardware',
      metadata,
      spec: { bmcRef: { kind: 'Machine', name }, interfaces: [{ dhcp }], disks: [{ device: '/dev/sda' }] },
    } as Hardware);
  }

  /** From now on the machine boots: an agent by PXE, and nothing of ours otherwise. */
  switchOnFirmware(agent: Omit<ScriptedAgentOptions, 'id'>): void {
    this.#firmware = this.#boot(agent);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#firmware;
    for (const part of this.#parts) {
      if (Symbol.asyncDispose in part) await part[Symbol.asyncDispose]();
      else part[Symbol.dispose]();
    }
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
