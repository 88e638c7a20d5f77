import { CaptError } from '../../api/errors/capt-error.ts';
import type { ActionContext } from '../actions/action.ts';
import { BlockFile } from './block-file.ts';
import { type Range, signatureRanges } from './ranges.ts';

/**
 * Makes a disk or a partition look new: `quick` erases signatures and partition tables, `full` everything. What is written is
 * read back. Throws `ACTION_DEVICE_BUSY`, `ACTION_WIPE_UNVERIFIED`.
 */
export async function eraseDisk(context: ActionContext, device: string, how: 'quick' | 'full'): Promise<void> {
  {
    await using disk = await BlockFile.open(context, device, 'write');
    const signatures = signatureRanges(disk.sizeBytes, await disk.partitions());
    if (how === 'full') await eraseAll(context, disk);
    for (const range of signatures) await disk.zero(range);
    for (const range of how === 'full' ? [{ start: 0, end: disk.sizeBytes }] : signatures) {
      await expectZeros(disk, range);
    }
  }
  // The kernel forgets the partitions; that it cannot (a disk without any) is no failure.
  await context.run('blockdev', ['--rereadpt', device], { accept: [0, 1], onLine: () => {} });
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
