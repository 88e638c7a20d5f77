import { spawn } from 'node:child_process';
import { access, constants, glob, mkdir, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Clock, systemClock } from '../../api/time/clock.ts';
import { writeFileAtomically } from '../../bootstrap/process/atomic-file.ts';
import type { Acceleration } from './machine-spec.ts';

export interface ProbeOptions {
  environment: NodeJS.ProcessEnv;
  /** Default `qemu-system-x86_64`. */
  program?: string;
  /** Default `/dev/kvm`. */
  device?: string;
  /** Patterns of files that are Linux kernels to try it with. Default those of this machine's own system. */
  kernels?: readonly string[];
  /** How long the kernel may take to its first word, in milliseconds; with KVM it takes less than one. Default 10,000. */
  firstWordTimeoutMs?: number;
  /** And from there until it looks for a root file system. Default 30,000. */
  bootTimeoutMs?: number;
  /**
   * File that remembers what came of it until the host is started again: a boot that hangs takes `firstWordTimeoutMs` each
   * time. Default: it is tried each time.
   */
  memory?: string;
  clock?: Clock;
}

/** What to run machines with, and why. */
export interface AccelerationChoice {
  acceleration: Acceleration;
  reason: string;
}

/** The first line of every Linux kernel, and the last of one that has been given nothing to start. */
const firstWord = 'Linux version';
const lastWord = 'end Kernel panic';

/**
 * KVM where a Linux kernel has been seen to boot with it, else software emulation. Less proves nothing: on some hosts the
 * device is there and firmware runs, but the kernel stops before it has said a word.
 */
export async function provenAcceleration(options: ProbeOptions): Promise<AccelerationChoice> {
  const { device = '/dev/kvm', kernels = ['/boot/vmlinuz-*'] } = options;
  try {
    await access(device, constants.R_OK | constants.W_OK);
  } catch {
    return { acceleration: 'tcg', reason: `${device} is not there for us` };
  }
  const kernel = await firstFile(kernels);
  if (kernel === undefined) return { acceleration: 'tcg', reason: 'there is no kernel to try KVM with' };
  const failure = await remembered(options.memory, device, () => probeBoot('kvm', kernel, options));
  return failure === undefined
    ? { acceleration: 'kvm', reason: 'a Linux kernel has booted with it' }
    : { acceleration: 'tcg', reason: `KVM does not work here: ${failure}` };
}

/** Changes when the host is started again, and when the driver of the device is loaded again. */
async function situationOf(device: string): Promise<string> {
  const bootId = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
  const { ino, ctimeMs } = await stat(device);
  return `${bootId.trim()} ${ino} ${ctimeMs}`;
}

/**
 * What was found out before in the situation the device is in, else finds it out.
 * @returns what is wrong; `undefined` when nothing is
 */
async function remembered(
  file: string | undefined,
  device: string,
  findOut: () => Promise<string | undefined>,
): Promise<string | undefined> {
  if (file === undefined) return await findOut();
  const situation = await situationOf(device);
  const before = await readFile(file, 'utf8').then(parseMemory, () => undefined);
  if (before?.situation === situation) return before.failure;
  const failure = await findOut();
  const memory: Memory = { situation, ...(failure === undefined ? {} : { failure }) };
  // Not to remember costs time, nothing else.
  await mkdir(dirname(file), { recursive: true })
    .then(() => writeFileAtomically(file, `${JSON.stringify(memory)}\n`))
    .catch(() => undefined);
  return failure;
}

interface Memory {
  situation: string;
  failure?: string;
}

function parseMemory(text: string): Memory | undefined {
  try {
    const { situation, failure } = (JSON.parse(text) ?? {}) as Partial<Record<keyof Memory, unknown>>;
    if (typeof situation !== 'string') return undefined;
    return { situation, ...(typeof failure === 'string' ? { failure } : {}) };
  } catch {
    return undefined;
  }
}

/** Boots a kernel that has nothing to start. @returns what is wrong; `undefined` when it got as far as noticing */
export function probeBoot(
  acceleration: Acceleration,
  kernel: string,
  options: ProbeOptions,
): Promise<string | undefined> {
  const { environment, program = 'qemu-system-x86_64', clock = systemClock } = options;
  const { firstWordTimeoutMs = 10_000, bootTimeoutMs = 30_000 } = options;
  const child = spawn(program, probeArguments(acceleration, kernel), {
    env: environment,
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return new Promise((resolve) => {
    let heard = '';
    let spoke = false;
    const settle = (failure: string | undefined) => {
      cancel();
      // Not waited for: a process that hangs in KVM may not even be killed.
      child.kill('SIGKILL');
      child.stdout.destroy();
      child.unref();
      resolve(failure);
    };
    const within = (ms: number, what: string) => clock.after(ms, () => settle(`${what} within ${ms / 1000} s`));
    let cancel = within(firstWordTimeoutMs, 'a Linux kernel said nothing');
    child.once('error', (error) => settle(error.message));
    child.once('exit', (code, signal) => settle(`QEMU ended at once (${signal ?? `exit code ${code}`})`));
    child.stdout.on('data', (data) => {
      heard = (heard + String(data)).slice(-10_000);
      if (heard.includes(lastWord)) settle(undefined);
      else if (!spoke && heard.includes(firstWord)) {
        spoke = true;
        cancel();
        cancel = within(bootTimeoutMs, 'a Linux kernel did not get to its end');
      }
    });
  });
}

async function firstFile(patterns: readonly string[]): Promise<string | undefined> {
  for (const pattern of patterns) for await (const file of glob(pattern)) return file;
  return undefined;
}

function probeArguments(acceleration: Acceleration, kernel: string): string[] {
  return [
    ...['-no-user-config', '-nodefaults', '-display', 'none', '-machine', 'q35', '-m', '256M'],
    ...['-accel', acceleration, '-cpu', acceleration === 'kvm' ? 'host' : 'max'],
    ...['-kernel', kernel, '-append', 'console=ttyS0'],
    ...['-chardev', 'stdio,id=console,signal=off', '-serial', 'chardev:console'],
  ];
}
