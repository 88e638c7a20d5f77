import type { RedfishProfile } from '../profile.ts';
import { generic } from './generic.ts';

/** iDRAC 9: virtual media at the manager. */
export const idrac9: RedfishProfile = {
  ...generic,
  name: 'idrac9',
  manufacturer: 'Dell Inc.',
  model: 'PowerEdge R650',
  oemKey: 'Dell',
  rootVendor: 'Dell',
  systemIds: ['System.Embedded.1'],
  managerId: 'iDRAC.Embedded.1',
  chassisId: 'System.Embedded.1',
  firmwareVersion: '5.10.50.00',
  resetTypes: [...generic.resetTypes, 'PushPowerButton'],
  bootTargets: ['None', 'Pxe', 'Floppy', 'Cd', 'Hdd', 'BiosSetup', 'Utilities', 'UefiTarget', 'SDCard', 'UefiHttp'],
  drives: [
    { id: 'RemovableDisk', name: 'Virtual Removable Disk', mediaTypes: ['USBStick'], way: 'action' },
    { id: 'CD', name: 'Virtual CD', mediaTypes: ['CD', 'DVD'], way: 'action' },
  ],
  drivesAt: ['manager'],
  bootAttributes: true,
  quirks: { tasks: 'none' },
};

/** iDRAC 10: virtual media at the system, by number and listed backwards; boot overrides only in the settings. */
export const idrac10: RedfishProfile = {
  ...idrac9,
  name: 'idrac10',
  model: 'PowerEdge R670',
  firmwareVersion: '1.20.25.00',
  drives: [
    { id: '2', name: 'VirtualMedia Instance 2', mediaTypes: ['CD', 'DVD', 'USBStick'], way: 'action' },
    { id: '1', name: 'VirtualMedia Instance 1', mediaTypes: ['CD', 'DVD', 'USBStick'], way: 'action' },
  ],
  drivesAt: ['system'],
  settings: true,
  etag: (hash) => `"W/'gen-${hash}'"`,
  quirks: { bootOnlyInSettings: 'refuses', hidesAllowable: true },
};

/** iDRAC 8 of an R630: shows virtual media and takes none (redhat-performance/jetlag#475). */
export const idrac8: RedfishProfile = {
  ...idrac9,
  name: 'idrac8',
  model: 'PowerEdge R630',
  firmwareVersion: '2.70.70.70',
  drives: idrac9.drives.map((drive) => ({ ...drive, way: 'none' })),
};
