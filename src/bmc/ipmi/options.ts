import type { CipherSuite } from './crypto/cipher-suite.ts';
import { cipherSuiteById, cipherSuites } from './crypto/cipher-suite.ts';

/** How to talk to one BMC over IPMI. */
export interface IpmiOptions {
  /** The only cipher suite to try: 3 or 17. Default: 17, then 3. */
  cipherSuite?: number;
  /** Privilege level of the session. Default `administrator`; `operator` is enough for power and boot device. */
  privilege?: 'operator' | 'administrator';
  /** Deadline of one request with all its repetitions, in milliseconds. Default 10,000. */
  requestTimeoutMs?: number;
  /** When a request is repeated first, in milliseconds; then after twice that, up to four times. Default 1,000. */
  repeatAfterMs?: number;
  /** Pause before a BMC that says "node busy" is asked again, in milliseconds; then twice that, up to eight times. Default 100. */
  busyPauseMs?: number;
  /** How long to wait for the BMC's farewell, in milliseconds. Default 1,000. */
  closeTimeoutMs?: number;
  /** After how many milliseconds of silence to log in anew; BMCs forget a session after 60,000. Default 45,000. */
  idleLimitMs?: number;
}

export interface IpmiSettings extends Required<Omit<IpmiOptions, 'cipherSuite'>> {
  /** What to try, in order. */
  suites: readonly CipherSuite[];
}

/** Fills in the defaults; `undefined` for a cipher suite that is not spoken here. */
export function settingsOf(options: IpmiOptions): IpmiSettings | undefined {
  const fixed = options.cipherSuite === undefined ? undefined : cipherSuiteById(options.cipherSuite);
  if (options.cipherSuite !== undefined && fixed === undefined) return undefined;
  return {
    suites: fixed === undefined ? cipherSuites : [fixed],
    privilege: options.privilege ?? 'administrator',
    requestTimeoutMs: options.requestTimeoutMs ?? 10_000,
    repeatAfterMs: options.repeatAfterMs ?? 1_000,
    busyPauseMs: options.busyPauseMs ?? 100,
    closeTimeoutMs: options.closeTimeoutMs ?? 1_000,
    idleLimitMs: options.idleLimitMs ?? 45_000,
  };
}
