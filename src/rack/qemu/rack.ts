import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { CaptError, messageOf } from '../../api/errors/capt-error.ts';
import type { BootDevice } from '../../bmc/port.ts';
import { runCommand } from '../../bootstrap/process/command.ts';
import { createServingCertificate } from '../../kube/admission/certificate-authority.ts';
import { MachineBmc } from '../bmc/machine-bmc.ts';
import { publishMachineEvent } from '../telemetry.ts';
import { type AccelerationChoice, provenAcceleration } from './acceleration.ts';
import type { MediumLoader } from './cd-drive.ts';
import { uefiFirmware } from './firmware.ts';
import { QemuMachine } from './machine.ts';
import type { Acceleration, QemuMachineSpec, QemuNic } from './machine-spec.ts';
import { RackNetwork } from './network/network.ts';
import { bridge } from './network/plan.ts';
import { RouterAdvertiser } from './network/router-advertiser.ts';

/** One machine, as its owner wants it. */
export interface RackMachineOptions {
  /** Letters, digits, dots and hyphens. */
  name: string;
  /** One for every network card, lower case with colons; the first is the one that identifies it. */
  macs: readonly [string, ...string[]];
  firmware?: 'bios' | 'uefi';
  protocol?: 'ipmi' | 'redfish';
  /** Of its BMC, which is at the standard port there; needs `inside`. Default: any port of the loopback. */
  bmcAddress?: string;
  /** Whether somebody else sees to a BMC at `bmcAddress`. Default false. */
  foreignBmc?: boolean;
  /** Of its BMC. Default: that of the rack. */
  login?: { username: string; password: string };
  /** Default 1,024. */
  memoryMib?: number;
  /** Default 2. */
  processors?: number;
  /** Sizes of its disks; they are empty at first, and take no room then. Default one of 8 GiB. */
  diskBytes?: readonly number[];
  /** Whether network cards have iPXE in their ROM. Default true. */
  optionRom?: boolean;
  bootOrder?: readonly BootDevice[];
}

export interface QemuRackOptions {
  machines: readonly RackMachineOptions[];
  /** For disks, firmware variables and logs; what it holds is used again. */
  directory: string;
  /** Of the services on the network of the machines, with prefix length: `192.0.2.1/24`. */
  address: string;
  environment: NodeJS.ProcessEnv;
  /** Whether it is on the network that this process was started on, as `RackNetworkOptions` has it. Default false. */
  inside?: boolean;
  login?: { username: string; password: string };
  /** Default: KVM if a probe proves that it works, else emulation. */
  acceleration?: Acceleration;
  /** Patterns of Linux kernels to try KVM with. Default those of this machine's own system. */
  kernels?: readonly string[];
  /** File that remembers what came of the probe. Default none. */
  accelerationMemory?: string;
  /** Default `qemu-system-x86_64`. */
  program?: string;
  /** Longest wait for an image for a virtual drive, in seconds. Default 600. */
  mediumTimeoutSeconds?: number;
}

const defaultLogin = { username: 'admin', password: 'virtual' };

const standardPorts = { redfish: 443, ipmi: 623 } as const;

/** A machine with its BMC, which has power whatever the machine does. */
export interface RackSlot {
  readonly machine: QemuMachine;
  readonly bmc: Pick<MachineBmc, 'protocol' | 'host' | 'port'>;
  readonly macs: readonly string[];
  /** Where its logs are: `ttyS0.log`, `ttyS1.log`, `qemu.log`. */
  readonly directory: string;
  readonly serialFiles: readonly string[];
  readonly uefi: boolean;
}

/**
 * Machines in QEMU on a bridge of their own; their BMCs are there too, or on the loopback of this process. Disposing of it ends all processes and the
 * network; its directory is the caller's. What a rack left whose owner was killed is ended when the next one starts.
 */
export class QemuRack implements AsyncDisposable {
  readonly slots: readonly RackSlot[];
  readonly acceleration: AccelerationChoice;
  readonly #network: RackNetwork;
  readonly #parts: AsyncDisposableStack;

  private constructor(
    slots: readonly RackSlot[],
    acceleration: AccelerationChoice,
    network: RackNetwork,
    parts: AsyncDisposableStack,
  ) {
    this.slots = slots;
    this.acceleration = acceleration;
    this.#network = network;
    this.#parts = parts;
  }

  /**
   * Builds it, every machine switched off.
   * @throws CaptError QEMU_MISSING, RACK_NETWORK_FAILED, UEFI_FIRMWARE_MISSING; nothing but files is left then
   */
  static async start(options: QemuRackOptions): Promise<QemuRack> {
    const { machines, address, environment, directory, inside = false } = options;
    await requireProgram(options);
    await using undo = new AsyncDisposableStack();
    const taps = machines.flatMap(({ macs }, index) => macs.map((_, card) => tapName(index, card)));
    const addresses = machines.flatMap(({ bmcAddress }) => bmcAddress ?? []);
    const network = undo.use(await RackNetwork.create({ address, taps, addresses, environment, inside }));
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const command = (program: string, args: readonly string[]) => network.command(program, args);
    undo.use(await RouterAdvertiser.start({ directory, device: bridge, environment, command }));
    // After the network, which has to be empty at first: a machine that hangs in KVM may stay for a while, even killed.
    const acceleration = await accelerationFor(options);
    const tls = await createServingCertificate({ hosts: ['127.0.0.1', ...addresses] });
    const slots: RackSlot[] = [];
    for (const [index, wanted] of machines.entries()) {
      const folder = join(directory, wanted.name);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const spec = await machineSpec(wanted, index, folder);
      const machine = undo.use(
        new QemuMachine({
          spec,
          directory: folder,
          acceleration: acceleration.acceleration,
          environment,
          wrap: command,
          load: loaderOn(network, options),
          ...(options.program === undefined ? {} : { program: options.program }),
        }),
      );
      const { login = options.login ?? defaultLogin } = wanted;
      const { protocol = 'redfish' } = wanted;
      const place = wanted.bmcAddress === undefined ? {} : { host: wanted.bmcAddress, port: standardPorts[protocol] };
      const bmc = wanted.foreignBmc
        ? { protocol, host: '127.0.0.1', port: standardPorts[protocol], ...place }
        : undo.use(await MachineBmc.start({ protocol, chassis: machine, login, tls, ...place }));
      const { serialFiles, firmware } = spec;
      slots.push({ machine, bmc, macs: wanted.macs, directory: folder, serialFiles, uefi: firmware.kind === 'uefi' });
    }
    return new QemuRack(slots, acceleration, network, undo.move());
  }

  /** The machine of that name. */
  slot(name: string): RackSlot {
    const slot = this.slots.find(({ machine }) => machine.name === name);
    if (slot === undefined) throw new Error(`there is no machine ${name} in this rack`);
    return slot;
  }

  /** The command that runs a program on the network of the machines. */
  command(program: string, args: readonly string[]): [program: string, args: string[]] {
    return this.#network.command(program, args);
  }

  /** Name of the network namespace. */
  get networkName(): string {
    return this.#network.name;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts[Symbol.asyncDispose]();
  }
}

/** Interface names have at most 15 characters; they are the namespace's own. */
function tapName(machine: number, card: number): string {
  return `tap${machine}-${card}`;
}

async function machineSpec(wanted: RackMachineOptions, index: number, folder: string): Promise<QemuMachineSpec> {
  const { name, macs, firmware = 'bios', memoryMib = 1024, processors = 2, diskBytes = [8 * 2 ** 30] } = wanted;
  const disks = diskBytes.map((sizeBytes, disk) => ({ file: join(folder, `disk${disk}.img`), sizeBytes }));
  for (const { file, sizeBytes } of disks) await makeDisk(file, sizeBytes);
  const nic = (mac: string, card: number): QemuNic => ({
    mac,
    tap: tapName(index, card),
    ...(wanted.optionRom === undefined ? {} : { optionRom: wanted.optionRom }),
  });
  return {
    name,
    uuid: uuidOf(macs[0]),
    memoryMib,
    processors,
    firmware: firmware === 'uefi' ? await uefiFirmware(name, folder) : { kind: 'bios' },
    disks: disks.map(({ file }, disk) => ({ file, format: 'raw', serialNumber: `${name.slice(0, 16)}-${disk}` })),
    nics: macs.map(nic),
    serialFiles: ['ttyS0.log', 'ttyS1.log'].map((file) => join(folder, file)),
    ...(wanted.bootOrder === undefined ? {} : { bootOrder: wanted.bootOrder }),
  };
}

/** A disk that was there before keeps what is on it. */
async function makeDisk(file: string, sizeBytes: number): Promise<void> {
  await using disk = await open(file, 'a', 0o600);
  const { size } = await disk.stat();
  if (size < sizeBytes) await disk.truncate(sizeBytes);
}

/** A version 8 UUID (RFC 9562 §5.8) that stays the same with the hardware. */
function uuidOf(mac: string): string {
  return `00000000-0000-8000-8000-${mac.replaceAll(':', '')}`;
}

async function requireProgram({ program = 'qemu-system-x86_64', environment }: QemuRackOptions): Promise<void> {
  const missing = (cause: string) => new CaptError('QEMU_MISSING', { program, cause });
  const { exitCode, tail } = await runCommand(program, ['--version'], { environment }).catch((error) => {
    throw missing(messageOf(error));
  });
  if (exitCode !== 0) throw missing(tail.at(-1) ?? `exit code ${exitCode}`);
}

async function accelerationFor(options: QemuRackOptions): Promise<AccelerationChoice> {
  const { acceleration, environment, program, kernels, accelerationMemory } = options;
  if (acceleration !== undefined) return { acceleration, reason: 'it was asked for' };
  const choice = await provenAcceleration({
    environment,
    ...(program === undefined ? {} : { program }),
    ...(kernels === undefined ? {} : { kernels }),
    ...(accelerationMemory === undefined ? {} : { memory: accelerationMemory }),
  });
  publishMachineEvent({ machine: 'rack', what: `runs with ${choice.acceleration}: ${choice.reason}` });
  return choice;
}

/** Images are where the machines are: on their network. */
function loaderOn(network: RackNetwork, { environment, mediumTimeoutSeconds = 600 }: QemuRackOptions): MediumLoader {
  return async (url, file, signal) => {
    const limits = [
      '--max-time',
      String(mediumTimeoutSeconds),
      '--proto',
      '=http,https',
      '--proto-redir',
      '=http,https',
    ];
    const [program, args] = network.command('curl', ['-q', '-fsSL', ...limits, '-o', file, '--url', url]);
    const { exitCode, tail } = await runCommand(program, args, { environment, signal });
    if (exitCode !== 0) throw new Error(tail.at(-1) ?? `curl: exit code ${exitCode}`);
  };
}
