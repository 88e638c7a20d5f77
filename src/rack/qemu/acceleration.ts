import { spawn } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { type Clock, systemClock } from '../../api/time/clock.ts';
import type { Acceleration } from './machine-spec.ts';

export interface ProbeOptions {
  environment: NodeJS.ProcessEnv;
  /** Default `qemu-system-x86_64`. */
  program?: string;
  /** Default `/dev/kvm`. */
  device?: string;
  /** How long firmware may take until it looks for something to boot, in milliseconds. Default 5,000. */
  timeoutMs?: number;
  clock?: Clock;
}

/** What to run machines with, and why. */
export interface AccelerationChoice {
  acceleration: Acceleration;
  reason: string;
}

/** What SeaBIOS writes to its debug port when it has started the machine and tries to boot. */
const bootsMark = 'Booting from';

/**
 * KVM where a machine has been seen to boot with it, else software emulation. A device node alone proves nothing: on
 * some hosts it is there, and the first instruction never ends.
 */
export async function provenAcceleration(options: ProbeOptions): Promise<AccelerationChoice> {
  const { device = '/dev/kvm' } = options;
  try {
    await access(device, constants.R_OK | constants.W_OK);
  } catch {
    return { acceleration: 'tcg', reason: `${device} is not there for us` };
  }
  const failure = await probeBoot('kvm', options);
  return failure === undefined
    ? { acceleration: 'kvm', reason: 'a machine has booted with it' }
    : { acceleration: 'tcg', reason: `KVM does not work here: ${failure}` };
}

/** Boots a machine that has nothing but firmware. @returns what is wrong; `undefined` when firmware has done its work */
export function probeBoot(acceleration: Acceleration, options: ProbeOptions): Promise<string | undefined> {
  const { environment, program = 'qemu-system-x86_64', timeoutMs = 5_000, clock = systemClock } = options;
  const child = spawn(program, probeArguments(acceleration), {
    env: environment,
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return new Promise((resolve) => {
    let heard = '';
    const cancel = clock.after(timeoutMs, () => settle(`firmware did not start within ${timeoutMs / 1000} s`));
    const settle = (failure: string | undefined) => {
      cancel();
      // Not waited for: a process that hangs in KVM may not even be killed.
      child.kill('SIGKILL');
      child.stdout.destroy();
      child.unref();
      resolve(failure);
    };
    child.once('error', (error) => settle(error.message));
    child.once('exit', (code, signal) => settle(`QEMU ended at once (${signal ?? `exit code ${code}`})`));
    child.stdout.on('data', (data) => {
      heard = (heard + String(data)).slice(-10_000);
      if (heard.includes(bootsMark)) settle(undefined);
    });
  });
}

function probeArguments(acceleration: Acceleration): string[] {
  return [
    ...['-no-user-config', '-nodefaults', '-display', 'none', '-machine', 'q35', '-m', '64M'],
    ...['-accel', acceleration, '-cpu', acceleration === 'kvm' ? 'host' : 'max'],
    // A disk without anything on it, so that there is something to try; its first sector is enough.
    ...['-drive', 'if=none,id=none,driver=null-co,size=1M', '-device', 'virtio-blk-pci,drive=none,bootindex=0'],
    ...['-chardev', 'stdio,id=debug,signal=off', '-device', 'isa-debugcon,iobase=0x402,chardev=debug'],
  ];
}
