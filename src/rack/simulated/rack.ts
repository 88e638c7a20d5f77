import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createServingCertificate } from '../../kube/admission/certificate-authority.ts';
import type { Client } from '../../kube/client/client.ts';
import { Dice } from '../bmc/dice.ts';
import type { BmcFaults } from '../bmc/faults.ts';
import type { MachineFaults } from './faults.ts';
import { diskDevice, SimulatedMachine, type SimulatedMachineOptions } from './machine.ts';
import { type MachineRecord, register } from './manifests.ts';

export interface SimulatedRackOptions
  extends Pick<SimulatedMachineOptions, 'agentApi' | 'site' | 'workload' | 'times' | 'clock' | 'powerState'> {
  machines: number;
  /** Machines are called `<name>-0`, `<name>-1`, …; nodes are called so too. */
  name: string;
  /** From 0 to 255: machines of racks with different numbers have different hardware and IP addresses. Default 0. */
  rackNumber?: number;
  /** Folder for the disks. */
  directory: string;
  /** Everything random comes from here. Default 1. */
  seed?: number;
  login?: { username: string; password: string };
  /** Which BMCs to build in, by turns. Default IPMI and Redfish. */
  protocols?: readonly SimulatedMachineOptions['protocol'][];
  /** Ports that the BMCs had before, so that what is registered stays true. */
  bmcPorts?: readonly number[];
  /** What is wrong with each machine; the dice are the machine's own. */
  faults?: (index: number, dice: Dice) => { machine?: Partial<MachineFaults>; bmc?: Partial<BmcFaults> };
}

const mostMachines = 10_000;

/** Simulated machines in one process, each with its BMC on a port of the loopback. */
export class SimulatedRack implements AsyncDisposable {
  readonly machines: readonly SimulatedMachine[];
  readonly #options: SimulatedRackOptions & { login: { username: string; password: string } };

  private constructor(
    options: SimulatedRackOptions & { login: { username: string; password: string } },
    machines: readonly SimulatedMachine[],
  ) {
    this.#options = options;
    this.machines = machines;
  }

  /** Mounts the machines, switched off unless told otherwise; a port that is taken undoes all of it. */
  static async start(options: SimulatedRackOptions): Promise<SimulatedRack> {
    const { machines: count, login = { username: 'admin', password: 'simulated' } } = options;
    if (count > mostMachines) throw new RangeError(`a rack holds at most ${mostMachines} machines`);
    const tls = await createServingCertificate({ hosts: ['127.0.0.1'] });
    await using undo = new AsyncDisposableStack();
    const machines: SimulatedMachine[] = [];
    for (let index = 0; index < count; index++) {
      machines.push(undo.use(await startMachine({ ...options, login }, index, tls)));
    }
    undo.move();
    return new SimulatedRack({ ...options, login }, machines);
  }

  /** The machine of that name. */
  machine(name: string): SimulatedMachine {
    const machine = this.machines.find((each) => each.name === name);
    if (machine === undefined) throw new Error(`there is no machine ${name} in rack ${this.#options.name}`);
    return machine;
  }

  /** What an administrator would write down about each machine. */
  records(namespace: string, labels: Record<string, string> = {}): MachineRecord[] {
    const { login, rackNumber = 0 } = this.#options;
    return this.machines.map(({ name, mac, bmc }, index) => ({
      namespace,
      name,
      mac,
      address: addressOf(rackNumber, index),
      disk: diskDevice,
      login,
      labels,
      connection: bmc.connection({ namespace, name }),
    }));
  }

  /** Makes Secret, bmc Machine and Hardware of every machine, where they are not there. */
  async register(client: Client, namespace: string, labels?: Record<string, string>): Promise<void> {
    await Promise.all(this.records(namespace, labels).map((record) => register(client, record)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.machines.map((machine) => machine[Symbol.asyncDispose]()));
  }
}

async function startMachine(
  options: SimulatedRackOptions & { login: { username: string; password: string } },
  index: number,
  tls: { cert: string; key: string },
): Promise<SimulatedMachine> {
  const { name, directory, rackNumber = 0, protocols = ['ipmi', 'redfish'], faults, bmcPorts, seed = 1 } = options;
  const { agentApi, site, workload, times, clock, powerState, login } = options;
  const machineName = `${name}-${index}`;
  const folder = join(directory, machineName);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // One seed for each machine: what befalls it does not depend on how many there are.
  const machineSeed = seed * mostMachines + index;
  const wrong = faults?.(index, new Dice(machineSeed)) ?? {};
  const bmcPort = bmcPorts?.[index];
  return await SimulatedMachine.start({
    name: machineName,
    mac: macOf(rackNumber, index),
    protocol: protocols[index % protocols.length] ?? 'ipmi',
    login,
    directory: folder,
    agentApi,
    site,
    workload,
    tls,
    seed: machineSeed,
    ...(bmcPort === undefined ? {} : { bmcPort }),
    ...(times === undefined ? {} : { times }),
    ...(clock === undefined ? {} : { clock }),
    ...(powerState === undefined ? {} : { powerState }),
    ...(wrong.machine === undefined ? {} : { faults: wrong.machine }),
    ...(wrong.bmc === undefined ? {} : { bmcFaults: wrong.bmc }),
  });
}

/** A locally administered address. */
function macOf(rackNumber: number, index: number): string {
  return [0x02, 0xca, 0x97, rackNumber, index >> 8, index & 255]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join(':');
}

/** In 10.128.0.0/9: 32,768 addresses for each of 256 racks. */
function addressOf(rackNumber: number, index: number): string {
  const host = index + 1;
  const number = 0x0a80_0000 + rackNumber * 0x8000 + host;
  return [number >>> 24, (number >>> 16) & 255, (number >>> 8) & 255, number & 255].join('.');
}
