import { netFn } from '../codec/message.ts';

/** Network function and number of every command spoken here (IPMI v2.0 appendix G). */
export const commandCode = {
  getChassisStatus: { netFn: netFn.chassis, code: 0x01 },
  chassisControl: { netFn: netFn.chassis, code: 0x02 },
  setBootOptions: { netFn: netFn.chassis, code: 0x08 },
  getBootOptions: { netFn: netFn.chassis, code: 0x09 },
  getDeviceId: { netFn: netFn.app, code: 0x01 },
  getChannelAuthentication: { netFn: netFn.app, code: 0x38 },
  setSessionPrivilege: { netFn: netFn.app, code: 0x3b },
  closeSession: { netFn: netFn.app, code: 0x3c },
  getChannelCipherSuites: { netFn: netFn.app, code: 0x54 },
  getFruAreaInfo: { netFn: netFn.storage, code: 0x10 },
  readFru: { netFn: netFn.storage, code: 0x11 },
  getSdrRepositoryInfo: { netFn: netFn.storage, code: 0x20 },
  reserveSdrRepository: { netFn: netFn.storage, code: 0x22 },
  getSdr: { netFn: netFn.storage, code: 0x23 },
} as const;
