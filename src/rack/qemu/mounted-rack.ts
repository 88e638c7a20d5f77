import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '../../bootstrap/process/atomic-file.ts';
import { ownIdentity } from '../../bootstrap/process/identity.ts';
import { IpmiSimBmc } from '../bmc/ipmi-sim/ipmi-sim-bmc.ts';
import { ControlServer } from '../control/control-server.ts';
import { type QemuRackRecord, rackLayout, writeRackRecord } from '../control/rack-record.ts';
import { ControlledQemuMachine } from './controlled-machine.ts';
import { hardwareCsv } from './hardware-csv.ts';
import { loginsOf } from './logins.ts';
import type { Acceleration } from './machine-spec.ts';
import { bridge } from './network/plan.ts';
import { planRack, type RackWishes } from './plan.ts';
import { QemuRack, type RackMachineOptions } from './rack.ts';

export interface MountOptions extends RackWishes {
  /** For everything of this rack: disks, logs, logins, hardware.csv, record and control socket. */
  directory: string;
  /** Whose BMCs: ours, or OpenIPMI's `ipmi_sim`, which speaks IPMI only. Default `virtual`. */
  bmc?: 'virtual' | 'ipmi_sim';
  diskBytes: number;
  processors: number;
  environment: NodeJS.ProcessEnv;
  /** Default: KVM if a probe proves that it works, else emulation. */
  acceleration?: Acceleration;
  /** Patterns of Linux kernels to try KVM with. Default those of this machine's own system. */
  kernels?: readonly string[];
  /** File that remembers what came of the probe. Default none. */
  accelerationMemory?: string;
}

/**
 * Mounts a rack on the network that this process was started on (`unshare --net`), its BMCs at the addresses and ports
 * that `hardware.csv` says, and opens its control socket. Disposing of the rack leaves nothing but files.
 * @throws CaptError RACK_ADDRESS_UNFIT, RACK_BMC_FAILED, and what `QemuRack.start` throws
 */
export async function mountRack(options: MountOptions): Promise<AsyncDisposable & { record: QemuRackRecord }> {
  const { directory, name, firmware = 'bios', diskBytes, processors, environment, address } = options;
  const { acceleration, kernels, accelerationMemory } = options;
  const layout = rackLayout(directory);
  const foreignBmc = options.bmc === 'ipmi_sim';
  const plan = planRack({ ...options, ...(foreignBmc ? { protocols: ['ipmi'] } : {}) });
  const logins = loginsOf(
    layout.logins,
    plan.machines.map((machine) => machine.name),
  );
  const machines = plan.machines.map((machine): RackMachineOptions => {
    const { mac, protocol, bmcAddress, memoryMib, firmware: kind } = machine;
    const login = logins.get(machine.name);
    return {
      name: machine.name,
      macs: [mac],
      firmware: kind,
      protocol,
      bmcAddress,
      foreignBmc,
      ...(login === undefined ? {} : { login }),
      memoryMib,
      processors,
      diskBytes: [diskBytes],
      // UEFI has a network boot of its own; a BIOS has the one on the card, or none.
      optionRom: kind === 'bios',
    };
  });
  await using stack = new AsyncDisposableStack();
  const rack = stack.use(
    await QemuRack.start({
      machines,
      directory: layout.disks,
      address,
      environment,
      inside: true,
      ...(acceleration === undefined ? {} : { acceleration }),
      ...(kernels === undefined ? {} : { kernels }),
      ...(accelerationMemory === undefined ? {} : { accelerationMemory }),
    }),
  );
  const { gateway, netmask, prefix } = plan;
  const record: QemuRackRecord = {
    network: rack.networkName,
    services: { address: gateway, netmask, prefix, device: bridge },
    firmware,
    acceleration: rack.acceleration,
    machines: plan.machines.map(({ mac, address: own, labels, memoryMib, ...machine }) => {
      const slot = rack.slot(machine.name);
      const { protocol, host, port } = slot.bmc;
      const { directory: folder, serialFiles } = slot;
      const bmc = { protocol, host, port };
      const place = { directory: folder, serialFiles: [...serialFiles] };
      return { name: machine.name, mac, address: own, bmc, labels, memoryMib, ...place };
    }),
  };
  writeFileAtomically(layout.hardware, hardwareCsv(plan, logins));
  const controlled = rack.slots.map((slot) => new ControlledQemuMachine(slot));
  stack.use(await ControlServer.start(controlled, layout.socket));
  const kept = { name, bmcPorts: [], qemu: record };
  for (const { name: machine, bmcAddress: host } of foreignBmc ? plan.machines : []) {
    const login = logins.get(machine);
    if (login === undefined) throw new TypeError(`machine ${machine} has no login`);
    const folder = join(rack.slot(machine).directory, 'ipmi_sim');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const { port } = rack.slot(machine).bmc;
    stack.use(
      await IpmiSimBmc.start({ machine, host, port, login, directory: folder, socket: layout.socket, environment }),
    );
  }
  writeRackRecord(directory, { ...kept, process: ownIdentity() });
  stack.defer(() => writeRackRecord(directory, kept));
  const parts = stack.move();
  return { record, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}
