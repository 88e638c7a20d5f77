import { generic } from './generic.ts';
import type { Vendor } from './vendor.ts';

/**
 * Supermicro: the virtual drive is a USB CD, and with `Cd` the machine does not boot from it. A boot mode that is not
 * sent falls back to the default (DMTF/Redfishtool#106).
 */
export const supermicro: Vendor = {
  ...generic,
  name: 'supermicro',
  manufacturer: /^super ?micro\b/i,
  oemKeys: ['Supermicro'],
  bootTargets: { cdrom: ['UsbCd', 'Cd'] },
};
