import { generic } from './generic.ts';
import type { Vendor } from './vendor.ts';

/** HPE iLO 4, 5 and 6: the boot mode is read-only and a payload with it is refused whole (bmc-toolbox/bmclib#318). */
export const hpe: Vendor = {
  ...generic,
  name: 'hpe',
  manufacturer: /^(hpe?|hewlett[ -]packard)\b/i,
  oemKeys: ['Hpe', 'Hp'],
  sendsBootMode: false,
};
