import type { RedfishProfile } from '../profile.ts';
import { generic } from './generic.ts';

/** iLO 5: no power cycle; the boot mode is read-only; paths end with a slash. */
export const ilo5: RedfishProfile = {
  ...generic,
  name: 'ilo5',
  manufacturer: 'HPE',
  model: 'ProLiant DL160 Gen10',
  oemKey: 'Hpe',
  rootVendor: 'HPE',
  systemIds: ['1'],
  managerId: '1',
  chassisId: '1',
  firmwareVersion: 'iLO 5 v2.72',
  resetTypes: ['On', 'ForceOff', 'GracefulShutdown', 'ForceRestart', 'Nmi', 'PushPowerButton', 'GracefulRestart'],
  bootTargets: [
    'None',
    'Cd',
    'Hdd',
    'Usb',
    'SDCard',
    'Utilities',
    'Diags',
    'BiosSetup',
    'Pxe',
    'UefiShell',
    'UefiHttp',
  ],
  drives: [
    { id: '1', name: 'VirtualMedia', mediaTypes: ['Floppy', 'USBStick'], way: 'action' },
    { id: '2', name: 'VirtualMedia', mediaTypes: ['CD', 'DVD'], way: 'action' },
  ],
  drivesAt: ['manager'],
  etag: (hash) => `W/"${hash}"`,
  trailingSlash: true,
  quirks: { refusesBootMode: true, refusedInsertParameters: ['Inserted', 'WriteProtected'] },
};

/** iLO 4: virtual media by actions of its own; another name for the boot targets; no graceful shutdown. */
export const ilo4: RedfishProfile = {
  ...ilo5,
  name: 'ilo4',
  manufacturer: 'HP',
  model: 'ProLiant DL360 Gen9',
  oemKey: 'Hp',
  rootVendor: 'HP',
  firmwareVersion: 'iLO 4 v2.82',
  resetTypes: ['On', 'ForceOff', 'ForceRestart', 'Nmi', 'PushPowerButton'],
  bootTargetsProperty: 'BootSourceOverrideSupported',
  hasBootMode: false,
  drives: ilo5.drives.map((drive) => ({ ...drive, way: 'oem' })),
};
