import type { RedfishQuirks } from './quirks.ts';

/** One virtual drive. The first that takes CDs is the drive of the machine; the others are only looks. */
export interface DriveProfile {
  id: string;
  name: string;
  /** Absent where the BMC does not say. */
  mediaTypes?: readonly string[];
  /** How an image gets into it: by the standard action, by one below `Oem`, by PATCH, or not at all. */
  way: 'action' | 'oem' | 'patch' | 'none';
}

/** What a vendor's BMC looks like from outside. */
export interface RedfishProfile {
  name: string;
  manufacturer: string;
  model: string;
  /** Key below `Oem`; absent for none. */
  oemKey?: string;
  /** `Vendor` of the service root. */
  rootVendor?: string;
  /** Last part of the path, and Id, of each system. */
  systemIds: readonly string[];
  managerId: string;
  chassisId: string;
  firmwareVersion: string;
  resetTypes: readonly string[];
  bootTargets: readonly string[];
  /** Name of the list of boot targets. */
  bootTargetsProperty: string;
  /** Whether `Boot` shows the mode. */
  hasBootMode: boolean;
  drives: readonly DriveProfile[];
  /** Where drives are found, in the order in which they are listed. */
  drivesAt: readonly ('system' | 'manager')[];
  /** Has the image configuration of older Supermicro boards beside its drives. */
  isoConfig: boolean;
  /** Has boot attributes of the manager. */
  bootAttributes: boolean;
  /** Has a settings resource for its systems. */
  settings: boolean;
  /** How entity tags are written. */
  etag: (hash: string) => string;
  /** Paths end with a slash. */
  trailingSlash: boolean;
  storage: 'Storage' | 'SimpleStorage';
  quirks: Partial<RedfishQuirks>;
}
