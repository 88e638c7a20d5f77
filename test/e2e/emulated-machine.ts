import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { truncate } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { VlanSwitch } from './vlan-switch.ts';

export interface EmulatedMachineOptions {
  /** Folder of `capt installer build`. */
  readonly installer: string;
  readonly kernelArguments: readonly string[];
  readonly mac: string;
  /** Empty disks: `/dev/vda`, `/dev/vdb`, … */
  readonly disksBytes: readonly number[];
  readonly memoryMegabytes: number;
  /** Default 2. */
  readonly processors?: number;
  /** Between the network card and the network. */
  readonly vlan?: VlanSwitch;
}

/**
 * A machine that starts the installer directly, without firmware and network boot, with two serial ports and one network
 * card behind QEMU's own network: 10.0.2.2 is the loopback of this machine.
 */
export class EmulatedMachine implements AsyncDisposable {
  readonly #folder: string;
  readonly #process: ChildProcess;

  private constructor(folder: string, process: ChildProcess) {
    this.#folder = folder;
    this.#process = process;
  }

  /** Why there can be none here; `undefined` when there can. */
  static unavailable(): string | undefined {
    if (process.arch !== 'x64') return 'only machines of x86_64 are emulated in tests';
    const { status } = spawnSync('qemu-system-x86_64', ['--version']);
    return status === 0 ? undefined : 'there is no qemu-system-x86_64 (Debian package qemu-system-x86)';
  }

  static async start(options: EmulatedMachineOptions): Promise<EmulatedMachine> {
    const { installer, kernelArguments, disksBytes, memoryMegabytes, processors = 2 } = options;
    const folder = mkdtempSync(join(tmpdir(), 'capt-e2e-'));
    for (const [index, bytes] of disksBytes.entries()) {
      writeFileSync(diskFile(folder, index), '');
      await truncate(diskFile(folder, index), bytes);
    }
    const child = spawn(
      'qemu-system-x86_64',
      [
        // No KVM: the same everywhere. Spectre cannot be seen through emulation, and its cure is slow.
        ...[
          '-accel',
          'tcg,thread=multi,tb-size=256',
          '-machine',
          'q35',
          '-cpu',
          'max,la57=off,svm=off,smap=off,erms=off,fsrm=off',
        ],
        ...['-smp', String(processors)],
        ...['-m', String(memoryMegabytes), '-display', 'none', '-monitor', 'none', '-nodefaults', '-no-reboot'],
        ...[0, 1].flatMap((port) => serialPort(folder, port)),
        ...networkCard(options),
        ...disksBytes.flatMap((_bytes, index) => [
          '-drive',
          `file=${diskFile(folder, index)},format=raw,if=virtio,cache=unsafe`,
        ]),
        ...['-kernel', join(installer, 'vmlinuz-x86_64'), '-initrd', join(installer, 'initramfs-x86_64')],
        ...['-append', kernelArguments.join(' ')],
      ],
      { stdio: ['ignore', 'inherit', 'inherit'] },
    );
    return new EmulatedMachine(folder, child);
  }

  /** All that was written to the first serial port so far. */
  get serial(): string {
    return this.serialOf(0);
  }

  serialOf(port: number): string {
    try {
      return readFileSync(join(this.#folder, `serial${port}`), 'latin1');
    } catch {
      return '';
    }
  }

  /** Types on what is plugged into a serial port. */
  async type(port: number, text: string): Promise<void> {
    const socket = connect(join(this.#folder, `serial${port}.sock`));
    await once(socket, 'connect');
    socket.resume().end(text);
    await once(socket, 'close');
  }

  diskFile(index: number): string {
    return diskFile(this.#folder, index);
  }

  /** What is on a disk. */
  disk(index: number): Buffer {
    return readFileSync(this.diskFile(index));
  }

  /** Of QEMU. */
  get pid(): number {
    return this.#process.pid ?? -1;
  }

  get isOn(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** Seconds from the start of the kernel to the first line with this text; undefined when there is none yet. */
  secondsUntil(text: string): number | undefined {
    const line = this.serial.split('\n').find((each) => each.includes(text));
    const [, seconds] = /^\[ *(\d+\.\d+)\]/.exec(line ?? '') ?? [];
    return seconds === undefined ? undefined : Number(seconds);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.isOn) {
      const ended = once(this.#process, 'exit');
      this.#process.kill('SIGKILL');
      await ended;
    }
    rmSync(this.#folder, { recursive: true });
  }
}

function diskFile(folder: string, index: number): string {
  return join(folder, `disk${index}`);
}

function serialPort(folder: string, port: number): string[] {
  const path = join(folder, `serial${port}`);
  const socket = `socket,id=serial${port},path=${path}.sock,server=on,wait=off,logfile=${path}`;
  return ['-chardev', socket, '-serial', `chardev:serial${port}`];
}

function networkCard({ mac, vlan }: EmulatedMachineOptions): string[] {
  if (vlan === undefined) return ['-nic', `user,model=virtio-net-pci,mac=${mac}`];
  return [
    ...['-netdev', `socket,id=trunk,connect=127.0.0.1:${vlan.taggedPort}`],
    ...['-device', `virtio-net-pci,netdev=trunk,mac=${mac}`],
    ...['-netdev', 'user,id=network', '-netdev', `socket,id=uplink,connect=127.0.0.1:${vlan.plainPort}`],
    ...['network', 'uplink'].flatMap((name, index) => ['-netdev', `hubport,id=port${index},hubid=0,netdev=${name}`]),
  ];
}
