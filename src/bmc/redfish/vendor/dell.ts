import { generic } from './generic.ts';
import type { Vendor } from './vendor.ts';

/**
 * Dell iDRAC 8, 9 and 10. `Cd` means the drive in the machine, not the virtual one of the manager, which only an attribute
 * of the manager chooses (dell/iDRAC-Redfish-Scripting#90); it also serves where the firmware makes `Boot` read-only
 * (community.general#11297).
 */
export const dell: Vendor = {
  ...generic,
  name: 'dell',
  manufacturer: /^dell\b/i,
  oemKeys: ['Dell'],
  bootAttributes: {
    links: [['Links', 'Oem', 'Dell', 'DellAttributes'], ['Oem', 'Dell', 'DellAttributes'], ['Attributes']],
    device: 'ServerBoot.1.FirstBootDevice',
    none: 'Normal',
    values: { pxe: 'PXE', disk: 'HDD', cdrom: 'VCD-DVD', bios: 'BIOS' },
    once: 'ServerBoot.1.BootOnce',
    onceValues: { once: 'Enabled', always: 'Disabled' },
  },
};
