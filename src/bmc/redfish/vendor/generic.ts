import type { Vendor } from './vendor.ts';

/** What the standard says, and in doubt what most BMCs do. Also for vendors not known here. */
export const generic: Vendor = {
  name: 'generic',
  manufacturer: /(?!)/,
  oemKeys: [],
  bootTargets: {},
  sendsBootMode: true,
  bootAttributes: undefined,
  sendsIfMatch: true,
  resetTypes: {},
  // Both are optional and true unless given (DSP2046); X11 and X12 boards and iLO 4 refuse to be told.
  insertProperties: { action: [], patch: ['Inserted', 'WriteProtected'] },
  deafDrives: undefined,
};
