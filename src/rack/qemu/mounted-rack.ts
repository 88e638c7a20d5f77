import { writeFileAtomically } from '../../bootstrap/local/process/atomic-file.ts';
import { ownIdentity } from '../../bootstrap/local/process/identity.ts';
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
  firmware: 'bios' | 'uefi';
  diskBytes: number;
  processors: number;
  environment: NodeJS.ProcessEnv;
  /** Default: KVM if a probe proves that it works, else emulation. */
  acceleration?: Acceleration;
  /** Patterns of Linux kernels to try KVM with. Default those of this machine's own system. */
  kernels?: readonly string[];
}

/**
 * Mounts a rack on the network that this process was started on (`unshare --net`), its BMCs at the addresses and ports
 * that `hardware.csv` says, and opens its control socket. Disposing of the rack leaves nothing but files.
 * @throws CaptError RACK_ADDRESS_UNFIT, and what `QemuRack.start` throws
 */
export async function mountRack(options: MountOptions): Promise<AsyncDisposable & { record: QemuRackRecord }> {
  const { directory, name, firmware, diskBytes, processors, environment, address } = options;
  const { acceleration, kernels } = options;
  const layout = rackLayout(directory);
  const plan = planRack(options);
  const logins = loginsOf(
    layout.logins,
    plan.machines.map((machine) => machine.name),
  );
  const machines = plan.machines.map((machine): RackMachineOptions => {
    const { mac, protocol, bmcAddress, memoryMib } = machine;
    const login = logins.get(machine.name);
    return {
      name: machine.name,
      macs: [mac],
      firmware,
      protocol,
      bmcAddress,
      ...(login === undefined ? {} : { login }),
      memoryMib,
      processors,
      diskBytes: [diskBytes],
      // UEFI has a network boot of its own; a BIOS has the one on the card, or none.
      optionRom: firmware === 'bios',
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
  writeRackRecord(directory, { ...kept, process: ownIdentity() });
  stack.defer(() => writeRackRecord(directory, kept));
  const parts = stack.move();
  return { record, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}
