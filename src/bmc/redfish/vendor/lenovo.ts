import { generic } from './generic.ts';
import type { Vendor } from './vendor.ts';

/**
 * Lenovo XCC: ten virtual drives under the manager, of which only `EXT…` take a URL, and that by PATCH
 * (lenovo/python-redfish-lenovo#21, stmcginnis/gofish#529).
 */
export const lenovo: Vendor = {
  ...generic,
  name: 'lenovo',
  manufacturer: /^lenovo\b/i,
  oemKeys: ['Lenovo'],
  deafDrives: /^(RDOC|Remote)/i,
};
