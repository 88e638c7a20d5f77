import { randomBytes } from 'node:crypto';
import { type Clock, systemClock } from '../../../api/time/clock.ts';
import type { Privilege } from '../../../bmc/ipmi/codec/privilege.ts';
import type { Chassis } from '../chassis.ts';
import type { Dice } from '../dice.ts';
import { type BmcFaults, noFaults } from '../faults.ts';
import { type IpmiQuirks, noQuirks } from './quirks.ts';

/** Somebody who may log in. */
export interface IpmiUser {
  /** At most 16 bytes. */
  name: string;
  /** At most 20 bytes. */
  password: string;
  /** The highest level a session of this user can have. Default `administrator`. */
  privilege?: Privilege;
}

/** The name plate of the machine, as its FRU inventory tells it. */
export interface NamePlate {
  manufacturer: string;
  model: string;
  serialNumber: string;
}

export interface VirtualIpmiBmcOptions {
  chassis: Chassis;
  users: readonly IpmiUser[];
  clock?: Clock;
  namePlate?: NamePlate;
  /** Cipher suites on offer. Default 3 and 17. */
  cipherSuites?: readonly (3 | 17)[];
  /** 16 bytes. Default random. */
  guid?: Buffer;
  /** How many sessions there may be at once. Default 8. */
  sessionLimit?: number;
  /** After how many milliseconds of silence a session ends. Default 60,000 (IPMI v2.0 §6.12.15). */
  sessionTimeoutMs?: number;
  faults?: Partial<BmcFaults>;
  quirks?: Partial<IpmiQuirks>;
  /** Decides where a fault strikes at random. Needed for faults with a chance. */
  dice?: Dice;
}

export interface VirtualIpmiBmcSettings extends Required<Omit<VirtualIpmiBmcOptions, 'faults' | 'quirks' | 'dice'>> {
  faults: BmcFaults;
  quirks: IpmiQuirks;
  dice: Dice | undefined;
}

export function settingsOf(options: VirtualIpmiBmcOptions): VirtualIpmiBmcSettings {
  return {
    chassis: options.chassis,
    users: options.users,
    clock: options.clock ?? systemClock,
    namePlate: options.namePlate ?? { manufacturer: 'capt', model: 'Virtual Machine', serialNumber: 'VIRTUAL-1' },
    cipherSuites: options.cipherSuites ?? [3, 17],
    guid: options.guid ?? randomBytes(16),
    sessionLimit: options.sessionLimit ?? 8,
    sessionTimeoutMs: options.sessionTimeoutMs ?? 60_000,
    faults: { ...noFaults, ...options.faults },
    quirks: { ...noQuirks, ...options.quirks },
    dice: options.dice,
  };
}
