import { mkdir } from 'node:fs/promises';
import { CaptError } from '../../api/errors/capt-error.ts';
import { reportOutcome, starterGone } from '../../bootstrap/local/detach.ts';
import { requireLinux } from '../../bootstrap/process/identity.ts';
import { livingRack } from '../../rack/control/rack-record.ts';
import { catchInterrupts } from '../interrupt.ts';
import { type RackContext, type RackFlags, rackContext } from './context.ts';
import { mountQemu, type QemuFlags, runQemu, startQemu } from './up-qemu.ts';
import { mountSimulated, type SimulatedFlags, startSimulated } from './up-simulated.ts';

export interface UpFlags extends RackFlags, Omit<SimulatedFlags, 'simulated'>, Omit<QemuFlags, 'qemu'> {
  simulated?: number;
  qemu?: number;
  foreground?: boolean;
  /** Set for the process that is the rack of machines in QEMU: it runs on a network of its own already. */
  inside?: boolean;
}

/** `capt rack up` */
export async function up(flags: UpFlags): Promise<void> {
  requireLinux();
  const context = rackContext(flags);
  const kind = kindOf(flags);
  refuseIfRunning(context);
  await mkdir(context.directory, { recursive: true, mode: 0o700 });
  if (flags.inside && 'qemu' in kind) return await be(() => mountQemu(kind, context.directory));
  if (flags.foreground) {
    if ('qemu' in kind) return await runQemu(kind, context);
    return await be(() => mountSimulated(kind, context));
  }
  if ('qemu' in kind) await startQemu(kind, context);
  else await startSimulated(kind, context);
}

function kindOf({ simulated, qemu, ...others }: UpFlags): SimulatedFlags | QemuFlags {
  if (qemu !== undefined) return { ...others, qemu };
  if (simulated !== undefined) return { ...others, simulated };
  throw new CaptError('RACK_OF_WHAT');
}

function refuseIfRunning({ directory, directoryFlag }: RackContext): void {
  if (livingRack(directory) !== undefined) throw new CaptError('RACK_RUNNING', { directory, directoryFlag });
}

/** Is the rack until it is told to end. */
async function be(mount: () => Promise<AsyncDisposable>): Promise<void> {
  using interrupt = catchInterrupts();
  const signal = AbortSignal.any([interrupt.signal, starterGone()]);
  try {
    await using _rack = await mount();
    reportOutcome();
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  } catch (error) {
    reportOutcome(error);
    throw error;
  }
}
