import type { RedfishProfile } from '../profile.ts';
import { generic } from './generic.ts';

/** MegaRAC: the system takes a boot override and does nothing about it, the settings do; tasks for everything. */
export const megarac: RedfishProfile = {
  ...generic,
  name: 'megarac',
  manufacturer: 'ASRockRack',
  model: 'X570D4U',
  oemKey: 'Ami',
  rootVendor: 'AMI',
  systemIds: ['Self'],
  managerId: 'Self',
  chassisId: 'Self',
  firmwareVersion: '1.20.0',
  drivesAt: ['manager'],
  settings: true,
  etag: (hash) => `W/"${hash}"`,
  quirks: {
    bootOnlyInSettings: 'ignores',
    onlyActionInfo: true,
    demandsIfMatch: true,
    takesOnlyStrongEtags: true,
    tasks: 'resource',
    demandedInsertParameters: ['TransferProtocolType', 'Inserted', 'WriteProtected'],
  },
};
