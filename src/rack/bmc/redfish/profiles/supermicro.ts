import type { RedfishProfile } from '../profile.ts';
import { generic } from './generic.ts';

/** X12: the virtual CD boots as `UsbCd`; InsertMedia takes nothing but the image; an ejected image still shows. */
export const supermicroX12: RedfishProfile = {
  ...generic,
  name: 'supermicro-x12',
  manufacturer: 'Supermicro',
  model: 'SYS-120C-TN10R',
  oemKey: 'Supermicro',
  rootVendor: 'Supermicro',
  systemIds: ['1'],
  managerId: '1',
  chassisId: '1',
  firmwareVersion: '01.01.06',
  resetTypes: ['On', 'ForceOff', 'GracefulShutdown', 'GracefulRestart', 'ForceRestart', 'Nmi', 'ForceOn'],
  bootTargets: ['None', 'Pxe', 'Floppy', 'Cd', 'Usb', 'Hdd', 'BiosSetup', 'UsbCd', 'UefiBootNext', 'UefiHttp'],
  drives: [{ id: 'CD1', name: 'Virtual Removable Media', mediaTypes: ['CD', 'DVD'], way: 'action' }],
  drivesAt: ['manager'],
  storage: 'SimpleStorage',
  quirks: {
    refusedInsertParameters: ['Inserted', 'WriteProtected', 'TransferMethod'],
    keepsImageWhenEjected: true,
  },
};

/** X11: a drive that only shows, and an image configuration beside it. */
export const supermicroX11: RedfishProfile = {
  ...supermicroX12,
  name: 'supermicro-x11',
  model: 'SYS-1029P',
  drives: [{ id: 'CD1', name: 'Virtual CD', way: 'none' }],
  isoConfig: true,
  hasBootMode: false,
};
