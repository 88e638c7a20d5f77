import { claimable } from '../../disk/block-file.ts';
import { eraseDisk } from '../../disk/erase.ts';
import type { ActionContext, ActionResult, NativeAction } from '../action.ts';
import { checkDevice } from '../environment.ts';

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
  await claimable(context, devices);
  for (const device of devices) {
    await eraseDisk(context, device, isFull ? 'full' : 'quick');
    log(`${device} is wiped`);
  }
  return { message: `wiped ${devices.join(', ')}` };
}
