import { CaptError } from '../../../api/errors/capt-error.ts';
import { untilDevice } from '../../mount/device.ts';
import type { ActionContext, ActionResult, NativeAction } from '../action.ts';
import { checkDevice } from '../environment.ts';
import { BlockFile } from './block-file.ts';
import { type Range, signatureRanges } from './ranges.ts';

/** Makes disks look new: nobody finds the system that was on them. What is written is read back. */
export const wipe: NativeAction = {
  name: 'wipe',
  summary: 'erase disks: signatures and partition tables (Quick), or everything (Full); read back afterwards',
  variables: [
    { name: 'DEST_DISK', what: 'the disks, separated by spaces or commas', required: true, check: checkDevices },
    {
      name: 'WIPE_MODE',
      what: 'Quick or Full',
      default: 'Quick',
      check: (value) => (/^(quick|full)$/i.test(value) ? undefined : `is "${value}", but must be Quick or Full`),
    },
  ],
  run: erase,
};

function checkDevices(value: string): string | undefined {
  return devicesOf(value)
    .map(checkDevice)
    .find((problem) => problem !== undefined);
}

function devicesOf(value: string): string[] {
  return [...new Set(value.split(/[\s,]+/).filter((device) => device !== ''))];
}

async function erase(context: ActionContext): Promise<ActionResult> {
  const { env, log } = context;
  const isFull = /^full$/i.test(env['WIPE_MODE'] ?? '');
  const devices = devicesOf(env['DEST_DISK'] ?? '');
  // All of them before the first is touched: half a job helps nobody.
  for (const device of devices) await untilDevice(context, device);
  for (const device of devices) await (await BlockFile.open(context, device, 'write'))[Symbol.asyncDispose]();
  for (const device of devices) {
    {
      await using disk = await BlockFile.open(context, device, 'write');
      const signatures = signatureRanges(disk.sizeBytes, await disk.partitions());
      if (isFull) await eraseAll(context, disk);
      for (const range of signatures) await disk.zero(range);
      for (const range of isFull ? [{ start: 0, end: disk.sizeBytes }] : signatures) await expectZeros(disk, range);
    }
    // The kernel forgets the partitions; that it cannot (a disk without any) is no failure.
    await context.run('blockdev', ['--rereadpt', device], { accept: [0, 1], onLine: () => {} });
    log(`${device} is wiped`);
  }
  return { message: `wiped ${devices.join(', ')}` };
}

/** Discarding is quick, but a disk need not give zeros then: what is left is overwritten. */
async function eraseAll(context: ActionContext, disk: BlockFile): Promise<void> {
  const all: Range = { start: 0, end: disk.sizeBytes };
  const { exitCode } = await context.run('blkdiscard', ['-f', disk.device], { accept: [0, 1], onLine: () => {} });
  if (exitCode === 0 && (await disk.firstData(all)) === undefined) return;
  const what = `overwriting ${disk.device}`;
  await disk.zero(all, (bytes) => context.progress({ bytes, totalBytes: disk.sizeBytes, what }));
}

async function expectZeros(disk: BlockFile, range: Range): Promise<void> {
  const offset = await disk.firstData(range);
  if (offset !== undefined) throw new CaptError('ACTION_WIPE_UNVERIFIED', { device: disk.device, offset });
}
