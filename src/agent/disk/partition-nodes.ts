import { existsSync, watch } from 'node:fs';
import { basename, join } from 'node:path';
import type { ActionContext } from '../actions/action.ts';

type Context = Pick<ActionContext, 'run' | 'signal' | 'clock' | 'log'>;

export interface PartitionNodesOptions {
  readonly disk: string;
  /** Numbers of the partitions that the image has. */
  readonly numbers: readonly number[];
  /** Where the nodes appear. */
  readonly devFolder: string;
  /** Where the kernel lists what it knows. */
  readonly sysFolder: string;
  /** Default 10. */
  readonly timeoutSeconds?: number;
}

/** `/dev/sda1`, `/dev/nvme0n1p1`: names that end in a digit get a p. */
export function partitionPath(disk: string, number: number): string {
  return `${disk}${/\d$/.test(disk) ? 'p' : ''}${number}`;
}

/**
 * Lets the kernel read the partition table again and waits until each partition has its node, told by the file system that a
 * name appeared. A kernel that does not do it fails nothing: what was written is right.
 */
export async function rereadPartitions(context: Context, options: PartitionNodesOptions): Promise<void> {
  const { disk, numbers, devFolder, sysFolder, timeoutSeconds = 10 } = options;
  const paths = numbers.map((number) => partitionPath(disk, number));
  const isKnown = (path: string): boolean => existsSync(join(sysFolder, 'class/block', basename(path)));
  // Watching starts before the kernel is asked, so that no event is missed.
  const events = watch(devFolder, { persistent: true });
  try {
    await context.run('blockdev', ['--rereadpt', disk]);
    // It has read the table when the program ends; only the nodes may come later.
    const unknown = paths.filter((path) => !isKnown(path));
    if (unknown.length > 0) context.log(`the kernel does not take ${unknown.join(', ')} for a partition`);
    const missing = (): string[] => paths.filter((path) => isKnown(path) && !existsSync(path));
    await waitUntil(() => missing().length === 0, events, context, timeoutSeconds);
    if (missing().length > 0) context.log(`no device node appeared for ${missing().join(', ')}`);
  } catch (error) {
    context.signal.throwIfAborted();
    context.log(`the kernel did not read the partition table of ${disk} again: ${(error as Error).message}`);
  } finally {
    events.close();
  }
}

function waitUntil(
  isDone: () => boolean,
  events: NodeJS.EventEmitter,
  { signal, clock }: Context,
  timeoutSeconds: number,
): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (isDone()) finish();
    };
    const finish = (): void => {
      cancel();
      events.off('change', look);
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const cancel = clock.after(timeoutSeconds * 1000, finish);
    events.on('change', look);
    signal.addEventListener('abort', finish, { once: true });
    look();
  });
}
