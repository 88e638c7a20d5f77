import type { RedfishProfile } from '../profile.ts';
import { generic } from './generic.ts';

/** XCC: ten drives, of which `EXT…` take a URL by PATCH. */
export const xcc: RedfishProfile = {
  ...generic,
  name: 'xcc',
  manufacturer: 'Lenovo',
  model: 'ThinkSystem SR630 V2',
  oemKey: 'Lenovo',
  rootVendor: 'Lenovo',
  systemIds: ['1'],
  managerId: '1',
  chassisId: '1',
  firmwareVersion: 'AFBT20X',
  resetTypes: ['On', 'Nmi', 'GracefulShutdown', 'GracefulRestart', 'ForceOn', 'ForceOff', 'ForceRestart'],
  drives: [
    ...['RDOC1', 'RDOC2'].map((id) => ({ id, name: id, mediaTypes: ['CD', 'DVD'], way: 'none' as const })),
    ...['EXT1', 'EXT2', 'EXT3', 'EXT4'].map((id) => ({
      id,
      name: id,
      mediaTypes: ['CD', 'DVD'],
      way: 'patch' as const,
    })),
    ...['Remote1', 'Remote2'].map((id) => ({ id, name: id, mediaTypes: ['CD', 'DVD'], way: 'none' as const })),
  ],
  drivesAt: ['manager'],
  quirks: { demandsIfMatch: true },
};
