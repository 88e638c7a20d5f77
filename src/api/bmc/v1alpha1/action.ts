import type * as z from 'zod';
import { list } from '../../schema/collection.ts';
import { object, required } from '../../schema/object.ts';
import { choice, flag, text } from '../../schema/scalar.ts';

const oneTimeBootDevice = object('Deprecated, use `bootDevice`. Boots once from another device.', {
  device: required(
    list('Devices to boot from: `pxe`, `disk`, `bios`, `cdrom` or `safe`. Only the first is used.', text('A device.')),
  ),
  efiBoot: flag('Boot through UEFI instead of the legacy BIOS.'),
});

const bootDevice = object('Chooses what the machine boots from.', {
  device: text('Device to boot from: `pxe`, `disk`, `bios`, `cdrom` or `safe`.'),
  persistent: flag('Keep the choice for every later boot instead of the next one only.'),
  efiBoot: flag('Boot through UEFI instead of the legacy BIOS.'),
});

const virtualMedia = object('Inserts an image into a virtual drive of the BMC, or takes it out.', {
  mediaURL: text('URL of the image, which the BMC itself must be able to fetch. Empty or absent: eject.'),
  kind: required(text('Which drive, in Redfish words: `CD`, `DVD`, `Floppy` or `USBStick`.')),
});

/** One thing to do with a BMC: exactly one of the fields is meant to be set. */
export const action = object(
  'One thing to do with a BMC.',
  {
    powerAction: choice(
      'Switches or asks the power: `off` is at once, `soft` asks the operating system, `cycle` is off and on, `reset` is a warm reset, `status` only asks.',
      ['on', 'off', 'soft', 'status', 'cycle', 'reset'],
    ),
    oneTimeBootDeviceAction: oneTimeBootDevice,
    bootDevice,
    virtualMediaAction: virtualMedia,
  },
  { maxProperties: 1, countFix: 'keep one action here and put the others into entries of their own' },
);

export type Action = z.infer<typeof action>;
