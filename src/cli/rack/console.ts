import { setTimeout as pause } from 'node:timers/promises';
import { CaptError } from '../../api/errors/capt-error.ts';
import { catchInterrupts } from '../interrupt.ts';
import { type RackFlags, rackContext, runningRack } from './context.ts';
import { GrowingFile } from './growing-file.ts';

const lookIntervalMs = 200;
const shownAtFirstBytes = 16_384;

/** `capt rack console`: what the machine writes to its serial ports, until Ctrl-C. */
export async function console(machine: string, flags: RackFlags & { serial?: number; follow: boolean }): Promise<void> {
  const rack = runningRack(rackContext(flags));
  const { serialFiles = [] } = await rack.machine(machine);
  const wanted = flags.serial === undefined ? serialFiles : serialFiles.slice(flags.serial, flags.serial + 1);
  if (wanted.length === 0)
    throw new CaptError('RACK_MACHINE_REFUSES', { machine, cause: 'it has no such serial port' });
  using interrupt = catchInterrupts();
  const files = wanted.map((file) => new GrowingFile(file, shownAtFirstBytes));
  do {
    for (const file of files) process.stdout.write(await file.added());
    if (!flags.follow) return;
    await pause(lookIntervalMs, undefined, { signal: interrupt.signal }).catch(() => undefined);
  } while (!interrupt.signal.aborted);
}
