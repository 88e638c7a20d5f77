import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface EmulatedMachineOptions {
  /** Folder of `capt installer build`. */
  readonly installer: string;
  readonly kernelArguments: readonly string[];
  readonly mac: string;
  readonly diskBytes: number;
  readonly memoryMegabytes: number;
  /** Default 2. */
  readonly processors?: number;
}

/**
 * A machine that starts the installer directly, without firmware and network boot, with one empty disk (`/dev/vda`) and
 * one network card behind QEMU's own network: 10.0.2.2 is the loopback of this machine.
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
    const { installer, kernelArguments, mac, diskBytes, memoryMegabytes, processors = 2 } = options;
    const folder = mkdtempSync(join(tmpdir(), 'capt-e2e-'));
    const disk = join(folder, 'disk');
    writeFileSync(disk, '');
    await truncate(disk, diskBytes);
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
        ...['-serial', `file:${join(folder, 'serial')}`],
        ...['-nic', `user,model=virtio-net-pci,mac=${mac}`],
        ...['-drive', `file=${disk},format=raw,if=virtio,cache=unsafe`],
        ...['-kernel', join(installer, 'vmlinuz-x86_64'), '-initrd', join(installer, 'initramfs-x86_64')],
        ...['-append', kernelArguments.join(' ')],
      ],
      { stdio: ['ignore', 'inherit', 'inherit'] },
    );
    return new EmulatedMachine(folder, child);
  }

  /** All that was written to the serial port so far. */
  get serial(): string {
    try {
      return readFileSync(join(this.#folder, 'serial'), 'latin1');
    } catch {
      return '';
    }
  }

  /** What is on the disk. */
  get disk(): Buffer {
    return readFileSync(join(this.#folder, 'disk'));
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
