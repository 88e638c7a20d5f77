import { generic } from './generic.ts';
import type { Vendor } from './vendor.ts';

/** Boards with AMI MegaRAC firmware (ASRock Rack, Gigabyte, Tyan …): virtual media want all properties, spelled out. */
export const ami: Vendor = {
  ...generic,
  name: 'ami',
  manufacturer: /^(ami|american megatrends|asrock ?rack|asrockrack|gigabyte|giga computing|tyan)\b/i,
  oemKeys: ['Ami', 'AMI'],
  insertProperties: {
    action: ['TransferProtocolType', 'Inserted', 'WriteProtected'],
    patch: generic.insertProperties.patch,
  },
};
