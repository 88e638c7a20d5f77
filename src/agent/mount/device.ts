import { constants, open, stat } from 'node:fs/promises';
import { CaptError } from '../../api/errors/capt-error.ts';
import { sleep } from '../../api/time/clock.ts';
import type { ActionContext } from '../actions/action.ts';

/** Waits for a block device: those of partitions come some time after the image that has them was written. */
export async function untilDevice(
  { clock, signal }: Pick<ActionContext, 'clock' | 'signal'>,
  device: string,
  seconds = 30,
): Promise<void> {
  const givesUp = clock.monotonic() + seconds * 1000;
  while (!(await isBlockDevice(device))) {
    signal.throwIfAborted();
    if (clock.monotonic() >= givesUp) throw new CaptError('ACTION_DEVICE_MISSING', { device, seconds });
    await sleep(clock, 200, signal);
  }
}

/** Waits until nobody holds a block device (mounts, swap, RAID), but not for ever: others may hold it too. */
export async function untilFree({ clock }: Pick<ActionContext, 'clock'>, device: string, seconds = 5): Promise<void> {
  const givesUp = clock.monotonic() + seconds * 1000;
  while ((await isBlockDevice(device)) && (await isHeld(device)) && clock.monotonic() < givesUp) await sleep(clock, 50);
}

async function isHeld(device: string): Promise<boolean> {
  try {
    // On a block device O_EXCL is a claim, which is refused while there is another.
    const handle = await open(device, constants.O_RDONLY | constants.O_EXCL);
    await handle.close();
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EBUSY';
  }
}

async function isBlockDevice(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isBlockDevice(),
    () => false,
  );
}
