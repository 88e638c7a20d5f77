import type { RedfishProfile } from '../profile.ts';

/** A BMC by the book. */
export const generic: RedfishProfile = {
  name: 'generic',
  manufacturer: 'capt',
  model: 'Virtual Machine',
  systemIds: ['machine'],
  managerId: 'bmc',
  chassisId: 'box',
  firmwareVersion: '1.0.0',
  resetTypes: ['On', 'ForceOff', 'GracefulShutdown', 'ForceRestart', 'GracefulRestart', 'Nmi', 'PowerCycle'],
  bootTargets: ['None', 'Pxe', 'Cd', 'Hdd', 'BiosSetup', 'UefiHttp'],
  bootTargetsProperty: 'BootSourceOverrideTarget@Redfish.AllowableValues',
  hasBootMode: true,
  drives: [
    { id: 'CD', name: 'Virtual CD', mediaTypes: ['CD', 'DVD'], way: 'action' },
    { id: 'Stick', name: 'Virtual stick', mediaTypes: ['USBStick'], way: 'action' },
  ],
  drivesAt: ['system'],
  isoConfig: false,
  bootAttributes: false,
  settings: false,
  etag: (hash) => `"${hash}"`,
  trailingSlash: false,
  storage: 'Storage',
  quirks: {},
};
