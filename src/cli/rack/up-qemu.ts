import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CaptError } from '../../api/errors/capt-error.ts';
import { startDetached } from '../../bootstrap/local/detach.ts';
import { type RackRecord, rackLayout, readRackRecord } from '../../rack/control/rack-record.ts';
import { mountRack } from '../../rack/qemu/mounted-rack.ts';
import { commandOn } from '../../rack/qemu/network/network.ts';
import { planRack } from '../../rack/qemu/plan.ts';
import { onMachineEvent } from '../../rack/telemetry.ts';
import { catchInterrupts } from '../interrupt.ts';
import { readSettings } from '../settings.ts';
import type { RackContext } from './context.ts';

/** What `capt rack up --qemu` is told. */
export interface QemuFlags {
  qemu: number;
  name: string;
  /** `mixed` is BIOS and UEFI by turns. */
  firmware: 'bios' | 'uefi' | 'mixed';
  /** In MiB, by machine; the last one holds for all that follow. */
  memory: [number, ...number[]];
  /** Of the one disk of each machine, in GiB. */
  disk: number;
  processors: number;
  /** Of the services, with prefix length. */
  address: string;
  controlPlanes: number;
  protocols: ['ipmi' | 'redfish', ...('ipmi' | 'redfish')[]];
  /** Whose BMCs. Default `virtual`: ours. */
  bmc?: 'virtual' | 'ipmi_sim';
  /** Default: KVM where a probe proves that it works. */
  acceleration?: 'kvm' | 'tcg';
}

export const qemuDefaults = {
  name: 'rack',
  firmware: 'bios',
  memory: [2048, 1024],
  disk: 8,
  processors: 2,
  address: '172.31.42.1/24',
  controlPlanes: 1,
  protocols: ['redfish', 'ipmi'],
} satisfies Omit<QemuFlags, 'qemu'>;

export interface StartOptions {
  /** Folder of the rack; made when it is not there. No rack must run in it. */
  directory: string;
  signal?: AbortSignal;
}

const mainFile = fileURLToPath(new URL('../main.ts', import.meta.url));

/**
 * Starts machines in QEMU in the background, on a network of their own, switched off. What there is then, and where,
 * stands in the record; `hardware.csv` in the folder holds the logins of the BMCs. `commandOnRack` runs programs there.
 * @throws CaptError RACK_NEEDS_ROOT, RACK_ADDRESS_UNFIT, RACK_BMC_FAILED, RACK_NETWORK_FAILED, QEMU_MISSING, UEFI_FIRMWARE_MISSING,
 * SUPERVISOR_FAILED; the reason of the signal. Nothing but files is left then.
 */
export async function startQemuRack(
  flags: QemuFlags,
  { directory, signal }: StartOptions,
): Promise<RackRecord & Required<Pick<RackRecord, 'qemu' | 'process'>>> {
  requireRoot();
  planRack(wishes(flags));
  await startDetached({ directory, command: command(flags, directory), environment: process.env, signal });
  const { process: identity, qemu, ...record } = readRackRecord(directory) ?? {};
  if (qemu === undefined || identity === undefined || !('name' in record)) {
    throw new TypeError(`${rackLayout(directory).record} is not there, though the rack runs`);
  }
  return { ...record, qemu, process: identity };
}

/** The command that runs a program on the network of a rack of machines in QEMU. */
export function commandOnRack(
  { qemu }: RackRecord & Required<Pick<RackRecord, 'qemu'>>,
  program: string,
  args: readonly string[],
): [program: string, args: string[]] {
  return commandOn(qemu.network, program, args);
}

/** `capt rack up --qemu` */
export async function startQemu(flags: QemuFlags, context: RackContext): Promise<void> {
  using interrupt = catchInterrupts();
  const { directory } = context;
  describe(await startQemuRack(flags, { directory, signal: interrupt.signal }), flags, context);
}

/** `capt rack up --qemu --foreground`: until Ctrl-C. */
export async function runQemu(flags: QemuFlags, { directory }: RackContext): Promise<void> {
  requireRoot();
  using interrupt = catchInterrupts();
  const [program = '', ...args] = command(flags, directory);
  const child = spawn(program, args, { stdio: 'inherit' });
  interrupt.signal.addEventListener('abort', () => child.kill('SIGTERM'), { once: true });
  const [code] = await once(child, 'exit');
  process.exitCode = typeof code === 'number' ? code : 1;
}

/** Is the rack: this process runs on a network of its own. */
export async function mountQemu(flags: QemuFlags, directory: string): Promise<AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const print = (line: string) => process.stdout.write(`${new Date().toISOString()} ${line}\n`);
  stack.defer(onMachineEvent(({ machine, what }) => print(`${machine}: ${what}`)));
  const { disk, processors, acceleration, bmc } = flags;
  const { cacheDirectory } = readSettings(process.env, homedir());
  const { record } = stack.use(
    await mountRack({
      ...wishes(flags),
      directory,
      diskBytes: disk * 2 ** 30,
      processors,
      environment: process.env,
      ...(bmc === undefined ? {} : { bmc }),
      // Ours come first: machines boot them anyway.
      kernels: [join(cacheDirectory, 'installer/*/vmlinuz-*'), '/boot/vmlinuz-*'],
      accelerationMemory: join(cacheDirectory, 'acceleration.json'),
      ...(acceleration === undefined ? {} : { acceleration }),
    }),
  );
  print(`${record.machines.length} machines on ${record.network}`);
  return stack.move();
}

function requireRoot(): void {
  if (process.getuid?.() !== 0) throw new CaptError('RACK_NEEDS_ROOT');
}

function wishes({ qemu, name, address, controlPlanes, memory, protocols, firmware }: QemuFlags) {
  return { machines: qemu, name, address, controlPlanes, memoryMib: memory, protocols, firmware };
}

/** The rack in a process of its own, on a network of its own from its first instruction on. */
function command(flags: QemuFlags, directory: string): string[] {
  const { qemu, name, firmware, memory, disk, processors, address, controlPlanes, protocols } = flags;
  const { acceleration, bmc } = flags;
  return [
    ...['unshare', '--net', '--', process.execPath, mainFile, 'rack', 'up', '--inside', '--dir', directory],
    ...['--qemu', String(qemu), '--name', name, '--firmware', firmware, '--memory', memory.join(',')],
    ...['--disk', String(disk), '--processors', String(processors), '--address', address],
    ...['--control-planes', String(controlPlanes), '--protocols', protocols.join(',')],
    ...(bmc === undefined ? [] : ['--bmc', bmc]),
    ...(acceleration === undefined ? [] : ['--acceleration', acceleration]),
  ];
}

function describe(
  { qemu: { network, services, machines, acceleration } }: RackRecord & Required<Pick<RackRecord, 'qemu'>>,
  { name, firmware }: QemuFlags,
  { print, directory, directoryFlag }: RackContext,
): void {
  const { hardware } = rackLayout(directory);
  const count = machines.length === 1 ? '1 machine is' : `${machines.length} machines are`;
  print(`${count} mounted in rack ${name}, switched off`);
  print(`  they run with       ${firmware.toUpperCase()}, ${acceleration.acceleration} (${acceleration.reason})`);
  print(`  their network       namespace ${network}, services at ${services.address} on ${services.device}`);
  print(`  hardware.csv        ${hardware}`);
  print(`  disks, logs, record ${directory}`);
  print('');
  print('Try:');
  print(`  capt hardware import --dry-run ${hardware}`);
  print(`  capt rack power ${name}-0 on${directoryFlag}`);
  print(`  capt rack console ${name}-0${directoryFlag}`);
  print(`  ip netns exec ${network} ping -c 1 ${machines[0]?.bmc.host}`);
  print(`  capt rack down${directoryFlag}`);
}
