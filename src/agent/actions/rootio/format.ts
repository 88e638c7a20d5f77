import { CaptError } from '../../../api/errors/capt-error.ts';
import { claimable } from '../../disk/block-file.ts';
import { eraseDisk } from '../../disk/erase.ts';
import type { ActionContext } from '../action.ts';
import type { FilesystemLayout } from './layout.ts';

/** Makes the file systems, after each device was found free and each program there; what is made is read back. */
export async function formatAll(context: ActionContext, filesystems: readonly FilesystemLayout[]): Promise<void> {
  // A program that is missing says so before the first device is touched.
  for (const program of new Set(filesystems.map(programOf))) {
    await context.run(program, ['-V'], { accept: [0, 1], onLine: () => {} });
  }
  await claimable(
    context,
    filesystems.map(({ device }) => device),
  );
  for (const filesystem of filesystems) await format(context, filesystem);
}

async function format(context: ActionContext, filesystem: FilesystemLayout): Promise<void> {
  const { device, format: wanted, options } = filesystem;
  // Programs refuse what looks used, each in its own way; here is decided already that it may go.
  await eraseDisk(context, device, 'quick');
  await context.run(programOf(filesystem), [...options, device]);
  await context.run('blockdev', ['--flushbufs', device]);
  const { stdout } = await context.run('blkid', ['-p', '-s', 'TYPE', '-o', 'value', device], {
    accept: [0, 2, 8],
    onLine: () => {},
  });
  const found = stdout.trim();
  if (found !== wanted) {
    const cause = `it should be ${wanted}, but ${found === '' ? 'nothing is known there' : `is ${found}`}`;
    throw new CaptError('ACTION_LAYOUT_UNVERIFIED', { device, cause });
  }
  context.log(`${device} is ${wanted}`);
}

function programOf({ format }: FilesystemLayout): string {
  return format === 'swap' ? 'mkswap' : `mkfs.${format}`;
}
