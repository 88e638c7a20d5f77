import { realpathSync, statSync } from 'node:fs';
import { CaptError } from '../../../api/errors/capt-error.ts';
import { sleep } from '../../../api/time/clock.ts';
import { chooseDisk } from '../../disk/choose-disk.ts';
import { listDisks } from '../../disk/list-disks.ts';
import { rereadPartitions } from '../../disk/partition-nodes.ts';
import { retryDelaySeconds } from '../../streaming/source/retries.ts';
import { type WriteImageOptions, type WrittenImage, writeImage } from '../../streaming/write-image.ts';
import type { ActionContext, ActionResult } from '../action.ts';
import type { ImageSettings } from './variables.ts';

/** Streams an image from `source` to the disk that the settings name, and lets the kernel see its partitions. */
export async function streamToDisk(
  context: ActionContext,
  settings: ImageSettings,
  source: WriteImageOptions['source'],
): Promise<ActionResult> {
  const disk = destination(context, settings);
  const written = await withRetries(context, settings, () =>
    writeImage(context, {
      source,
      disk,
      format: settings.format,
      rawBytes: settings.rawBytes,
      rawSha256: settings.rawSha256,
      endProven: settings.sha256 !== undefined || settings.sizeBytes !== undefined,
      skipZeros: settings.skipZeros && disk.canSkipZeros,
      verify: settings.verify,
      partitionCheck: settings.partitionCheck,
    }),
  );
  const numbers = written.table?.partitions.map(({ number }) => number) ?? [];
  const { dev: devFolder, sys: sysFolder } = context.paths;
  if (disk.hasPartitions) await rereadPartitions(context, { disk: disk.path, numbers, devFolder, sysFolder });
  return { message: summary(disk.path, written) };
}

interface Destination extends NonNullable<WriteImageOptions['disk']> {
  readonly canSkipZeros: boolean;
  readonly hasPartitions: boolean;
}

function destination({ paths }: ActionContext, settings: ImageSettings): Destination {
  const file = plainFile(settings.disk, paths.dev);
  if (file !== undefined) return { path: file, canSkipZeros: true, hasPartitions: false };
  const { path, sizeBytes, zeroes, partitionOf } = chooseDisk(settings.disk, listDisks(paths), real);
  return { path, sizeBytes, canSkipZeros: zeroes, hasPartitions: partitionOf === undefined };
}

/** A file that exists may be written as well, but not in /dev: there it is a mistyped device that somebody created. */
function plainFile(path: string, devFolder: string): string | undefined {
  const target = path.startsWith('/') ? real(path) : undefined;
  if (target === undefined || !statSync(target).isFile()) return undefined;
  if (!target.startsWith(`${devFolder}/`) || target.startsWith(`${devFolder}/shm/`)) return target;
  throw new CaptError('DISK_REFUSED', { disk: path, cause: 'it is a file, not a device' });
}

/** With RETRY_ENABLED the whole is done again, as the original does, where that may help. */
async function withRetries(
  { clock, signal, log }: ActionContext,
  { retrySeconds }: ImageSettings,
  write: () => Promise<WrittenImage>,
): Promise<WrittenImage> {
  const startMs = clock.monotonic();
  for (let failures = 1; ; failures++) {
    try {
      return await write();
    } catch (error) {
      signal.throwIfAborted();
      const elapsedSeconds = (clock.monotonic() - startMs) / 1000;
      const delaySeconds = retryDelaySeconds(failures, elapsedSeconds, { attempts: 1, durationSeconds: retrySeconds });
      if (!(error instanceof CaptError) || !error.retryable || delaySeconds === undefined) throw error;
      log(`${error.message}; starting again in ${delaySeconds} s`);
      await sleep(clock, delaySeconds * 1000, signal);
    }
  }
}

function summary(disk: string, { format, rawBytes, skippedBytes, sha256 }: WrittenImage): string {
  const digest = sha256 === undefined ? '' : `, sha256 ${sha256}`;
  return `wrote ${rawBytes} bytes (${format}, ${skippedBytes} of them zeros that needed no writing) to ${disk}${digest}`;
}

function real(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
