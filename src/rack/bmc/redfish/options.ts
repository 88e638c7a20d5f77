import { type Clock, systemClock } from '../../../api/time/clock.ts';
import type { Chassis } from '../chassis.ts';
import type { Dice } from '../dice.ts';
import { type BmcFaults, noFaults } from '../faults.ts';
import type { RedfishProfile } from './profile.ts';
import { generic } from './profiles/generic.ts';
import { noQuirks, type RedfishQuirks } from './quirks.ts';

export interface RedfishUser {
  name: string;
  password: string;
}

/** How HTTPS is served; old BMCs speak only old TLS. */
export interface VirtualRedfishTls {
  /** PEM. */
  cert: string;
  /** PEM. */
  key: string;
  minVersion?: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2';
  maxVersion?: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';
  ciphers?: string;
}

export interface VirtualRedfishBmcOptions {
  /** One machine for every system of the profile, in its order. */
  chassis: readonly Chassis[];
  users: readonly RedfishUser[];
  /** Default: a BMC by the book. */
  profile?: RedfishProfile;
  clock?: Clock;
  /** Serve HTTPS instead of HTTP. */
  tls?: VirtualRedfishTls;
  /** How many sessions there may be at once. Default 16. */
  sessionLimit?: number;
  /** After how many milliseconds of silence a session ends. Default 1,800,000. */
  sessionTimeoutMs?: number;
  faults?: Partial<BmcFaults>;
  quirks?: Partial<RedfishQuirks>;
  /** Decides where a fault strikes at random. Needed for faults with a chance. */
  dice?: Dice;
}

export interface VirtualRedfishBmcSettings extends Required<Omit<VirtualRedfishBmcOptions, 'tls' | 'dice'>> {
  faults: BmcFaults;
  quirks: RedfishQuirks;
  tls: VirtualRedfishTls | undefined;
  dice: Dice | undefined;
}

/** Fills in the defaults; the quirks that come with the profile hold unless others are given. */
export function settingsOf(options: VirtualRedfishBmcOptions): VirtualRedfishBmcSettings {
  const profile = options.profile ?? generic;
  return {
    chassis: options.chassis,
    users: options.users,
    profile,
    clock: options.clock ?? systemClock,
    tls: options.tls,
    sessionLimit: options.sessionLimit ?? 16,
    sessionTimeoutMs: options.sessionTimeoutMs ?? 1_800_000,
    faults: { ...noFaults, ...options.faults },
    quirks: { ...noQuirks, ...profile.quirks, ...options.quirks },
    dice: options.dice,
  };
}
