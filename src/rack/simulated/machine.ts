import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { WorkflowServer } from '../../agent/loop/workflow-server.ts';
import { messageOf } from '../../api/errors/capt-error.ts';
import { type Clock, sleep, systemClock } from '../../api/time/clock.ts';
import { Dice } from '../bmc/dice.ts';
import { FakeChassis } from '../bmc/fake-chassis.ts';
import type { BmcFaults } from '../bmc/faults.ts';
import { MachineBmc } from '../bmc/machine-bmc.ts';
import type { VirtualRedfishTls } from '../bmc/redfish/options.ts';
import { publishMachineEvent } from '../telemetry.ts';
import { type DiskContent, SimulatedDisk } from './disk.ts';
import { type MachineFaults, noMachineFaults } from './faults.ts';
import { grpcConnection, runInstaller } from './installer.ts';
import { RemainingFaults } from './machine-faults.ts';
import { NullRuntime } from './null-runtime.ts';
import type { Instance } from './os/instance.ts';
import { readBootstrapData } from './os/kubeadm.ts';
import type { WorkloadCluster } from './os/workload-cluster.ts';
import type { Site } from './site.ts';
import { about, type MachineTimes, quickTimes } from './times.ts';

export interface SimulatedMachineOptions {
  name: string;
  /** Of its first interface, lower case with colons; the identity of its agent too. */
  mac: string;
  protocol: 'ipmi' | 'redfish';
  login: { username: string; password: string };
  /** Folder of its own, where its disk lies. */
  directory: string;
  /** `host:port` of the agent API; asked at every boot of the installer. */
  agentApi(): string;
  site: Site;
  workload: Pick<WorkloadCluster, 'join' | 'silent'>;
  tls?: VirtualRedfishTls;
  bmcPort?: number;
  times?: MachineTimes;
  faults?: Partial<MachineFaults>;
  bmcFaults?: Partial<BmcFaults>;
  /** What it begins as; when `on`, nothing of ours runs on it. Default `off`. */
  powerState?: 'on' | 'off';
  /** Everything random about it comes from here. Default 1. */
  seed?: number;
  clock?: Clock;
  /** In place of a connection by gRPC. */
  connect?: (address: string, agentId: string, clock: Clock) => WorkflowServer;
}

/** The device that its disk is. */
export const diskDevice = '/dev/sda';

const historyLimit = 1000;

/**
 * A machine without metal: power, firmware, a disk, an installer with the agent that ships, and an OS that joins a
 * cluster. It knows of the world what a machine knows: its BMC is told what to do, its network answers to its hardware
 * address, and the rest stands on its disk.
 */
export class SimulatedMachine implements AsyncDisposable {
  readonly name: string;
  readonly mac: string;
  readonly chassis: FakeChassis;
  readonly disk: SimulatedDisk;
  readonly bmc: MachineBmc;
  /** What happened to it, oldest first; the last thousand entries. */
  readonly history: string[] = [];
  readonly #options: SimulatedMachineOptions;
  readonly #clock: Clock;
  readonly #dice: Dice;
  readonly #faults: RemainingFaults;
  #power = new AbortController();
  #life: Promise<void> = Promise.resolve();
  #silence = new AbortController();
  #verdict: Promise<void> = Promise.resolve();
  #isDisposed = false;

  private constructor(
    options: SimulatedMachineOptions,
    parts: { chassis: FakeChassis; disk: SimulatedDisk; bmc: MachineBmc; dice: Dice },
  ) {
    this.name = options.name;
    this.mac = options.mac;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.chassis = parts.chassis;
    this.disk = parts.disk;
    this.bmc = parts.bmc;
    this.#dice = parts.dice;
    this.#faults = new RemainingFaults({ ...noMachineFaults, ...options.faults });
  }

  static async start(options: SimulatedMachineOptions): Promise<SimulatedMachine> {
    const { clock = systemClock, powerState = 'off', times = quickTimes, bmcFaults = {}, login, protocol } = options;
    const dice = new Dice(options.seed ?? 1);
    let machine: SimulatedMachine | undefined;
    const powerMs = about(times.powerMs, dice);
    const chassis = new FakeChassis({
      clock,
      powerState,
      delaysMs: { on: powerMs, off: powerMs, cycle: powerMs, reset: powerMs },
      offTimeMs: powerMs,
      onPower: (state) => machine?.powered(state),
    });
    const disk = await SimulatedDisk.open(join(options.directory, 'disk.img'));
    const { bmcPort: port = 0, tls } = options;
    const bmc = await MachineBmc.start({
      protocol,
      chassis,
      login,
      port,
      faults: bmcFaults,
      dice,
      ...(tls ? { tls } : {}),
    });
    machine = new SimulatedMachine(options, { chassis, disk, bmc, dice });
    return machine;
  }

  /** The node that it runs, by name; `undefined` when nothing is installed on it. */
  async nodeName(): Promise<string | undefined> {
    return (await this.disk.read())?.instance?.nodeName;
  }

  /** Its power is gone, as by a fuse: nobody commanded it, and it does not come back by itself. */
  losePower(): void {
    this.#note('loses its power');
    this.chassis.unplug();
  }

  /** Unplugs it for good, and its BMC. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    this.chassis[Symbol.dispose]();
    this.#power.abort();
    await this.#life;
    this.#silence.abort();
    await this.#verdict;
    await this.bmc[Symbol.asyncDispose]();
    await this.disk[Symbol.asyncDispose]();
  }

  /** Told by the chassis: whatever ran before has lost its power, and after `on` it begins anew. */
  private powered(state: 'on' | 'off'): void {
    this.#power.abort();
    this.#note(`power ${state}`);
    if (state === 'off' || this.#isDisposed) return;
    const power = new AbortController();
    this.#power = power;
    const device = this.chassis.boots.at(-1)?.device;
    this.#life = this.#life.then(() => this.#run(device, power.signal));
  }

  async #run(device: string | undefined, signal: AbortSignal): Promise<void> {
    try {
      await this.#pause('postMs', signal);
      while (!signal.aborted && !(await this.#bootOnce(device, signal))) await this.#pause('retryMs', signal);
    } catch (error) {
      if (!signal.aborted) this.#note(`hangs: ${messageOf(error)}`);
    }
  }

  /** @returns false when there was nothing to boot */
  async #bootOnce(device: string | undefined, signal: AbortSignal): Promise<boolean> {
    const installed = (await this.disk.read()) !== undefined;
    const wantsNetwork = device === 'pxe' ? !installed || !this.#faults.skipsNetboot() : !installed;
    if (wantsNetwork && (await this.#trying(() => this.#options.site.mayNetboot(this.mac, signal), signal))) {
      await this.#install(signal);
      return true;
    }
    if (!installed) return false;
    await this.#bootOs(signal);
    return true;
  }

  async #install(signal: AbortSignal): Promise<void> {
    const { times = quickTimes, agentApi, connect = grpcConnection } = this.#options;
    const address = agentApi();
    const runner = new NullRuntime({
      disk: this.disk,
      device: diskDevice,
      clock: this.#clock,
      actionMs: () => about(times.actionMs, this.#dice),
      fails: () => this.#faults.failsAction(),
    });
    const how = await runInstaller(
      {
        runner: {
          run: async (action, options) => {
            const outcome = await runner.run(action, options);
            this.#note(`action ${action.name} of ${action.workflowId}: ${outcome.state}`);
            return outcome;
          },
        },
        connect: () => connect(address, this.mac, this.#clock),
        clock: this.#clock,
        backoff: { initialMs: Math.min(500, times.retryMs), maxMs: Math.min(5000, times.retryMs * 10) },
        restartMs: times.agentRestartMs,
        proc: this.#options.directory,
        diesAt: (at) => {
          const death = this.#faults.death(at);
          if (death === undefined) return false;
          this.#note(`agent dies, its action ${at}`);
          if (death.powerLoss) this.losePower();
          return true;
        },
        onAgent: () => this.#note('agent starts'),
      },
      signal,
    );
    if (how === 'kexec') await this.#bootOs(signal);
    if (how === 'reboot') this.chassis.restart();
    if (how === 'poweroff') this.chassis.unplug();
  }

  /** From the disk alone but for the first boot; ends with the power. */
  async #bootOs(signal: AbortSignal): Promise<void> {
    this.#note('boots the OS');
    await this.#pause('osMs', signal);
    const content = await this.disk.read();
    if (content === undefined) throw new Error('there is no OS on the disk');
    const instance = content.instance ?? (await this.#firstBoot(content, signal));
    if (instance === undefined || this.#faults.nodeNeverComes) return await untilAborted(signal);
    const node = { ...instance, osImage: content.image, bootID: randomUUID(), systemUUID: uuidOf(this.mac) };
    this.#silence.abort();
    await this.#trying(async () => {
      await this.#options.workload.join(node, signal);
      this.#note(`node ${node.nodeName} is ready`);
      return true;
    }, signal);
    await untilAborted(signal);
    this.#fallSilent(node.nodeName);
  }

  /** What cloud-init does once; the result stands on the disk from then on. */
  async #firstBoot(content: DiskContent, signal: AbortSignal): Promise<Instance | undefined> {
    const data = await this.#trying(() => this.#options.site.firstBoot(this.mac, signal), signal);
    if (data === undefined) return undefined;
    const instance = readBootstrapData(data.userData, data);
    await this.disk.write({ ...content, instance });
    this.#note(`is node ${instance.nodeName}, ${instance.providerID ?? 'without a provider ID'}`);
    return instance;
  }

  /** Its cluster notices after a while, unless it is back by then. */
  #fallSilent(nodeName: string): void {
    if (this.#isDisposed) return;
    const { times = quickTimes, workload } = this.#options;
    const silence = new AbortController();
    this.#silence = silence;
    this.#verdict = sleep(this.#clock, times.silenceMs, silence.signal).then(async () => {
      if (silence.signal.aborted) return;
      await workload.silent(nodeName, silence.signal).catch((error) => {
        if (!silence.signal.aborted) this.#note(`nobody hears that it is silent: ${messageOf(error)}`);
      });
    });
  }

  /** Again and again until it gives something, or the power goes. */
  async #trying<T>(attempt: () => Promise<T | undefined>, signal: AbortSignal): Promise<T | undefined> {
    while (!signal.aborted) {
      try {
        const result = await attempt();
        if (result !== undefined) return result;
      } catch (error) {
        if (!signal.aborted) this.#note(`is not answered: ${messageOf(error)}`);
      }
      await this.#pause('retryMs', signal);
    }
    return undefined;
  }

  async #pause(what: keyof MachineTimes, signal: AbortSignal): Promise<void> {
    const { times = quickTimes } = this.#options;
    await sleep(this.#clock, about(times[what], this.#dice), signal);
  }

  #note(what: string): void {
    if (this.history.length >= historyLimit) this.history.shift();
    this.history.push(what);
    publishMachineEvent({ machine: this.name, what });
  }
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** A version 8 UUID (RFC 9562 §5.8) that stays the same with the hardware. */
function uuidOf(mac: string): string {
  return `00000000-0000-8000-8000-${mac.replaceAll(':', '')}`;
}
