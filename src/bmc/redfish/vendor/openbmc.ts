import { generic } from './generic.ts';
import type { Vendor } from './vendor.ts';

/** OpenBMC (bmcweb): InsertMedia wants to know how the image is fetched. */
export const openbmc: Vendor = {
  ...generic,
  name: 'openbmc',
  manufacturer: /^openbmc\b/i,
  oemKeys: ['OpenBmc', 'OpenBMC'],
  insertProperties: {
    action: ['TransferMethod', 'TransferProtocolType', 'Inserted', 'WriteProtected'],
    patch: generic.insertProperties.patch,
  },
};
