import { BmcError, type BmcErrorKind } from '../bmc-error.ts';
import type { BmcCredentials } from '../port.ts';
import { privilegeLevel } from './codec/privilege.ts';
import type { RakpMeaning } from './codec/rakp-status.ts';
import { getChannelAuthentication } from './command/channel.ts';
import { CommandRefused } from './command/command-refused.ts';
import { setSessionPrivilege } from './command/session.ts';
import type { CipherSuite } from './crypto/cipher-suite.ts';
import { Handshake } from './link/handshake.ts';
import { HandshakeRefused } from './link/handshake-refused.ts';
import type { Link } from './link/link.ts';
import { type Patience, patiently } from './link/patience.ts';
import { askSessionless } from './link/sessionless.ts';
import { Tags } from './link/tags.ts';
import type { Wire } from './link/wire.ts';
import type { IpmiSettings } from './options.ts';

const kinds: Record<RakpMeaning, BmcErrorKind> = {
  busy: 'busy',
  // Twice in a row: a refusal was lost and its repetition found nothing, or the BMC keeps restarting.
  forgotten: 'unreachable',
  algorithms: 'unsupported',
  unauthorized: 'unauthorized',
  rejected: 'rejected',
};

/** Logs in to one BMC, as often as asked. A refused password is never tried a second time. */
export class Login {
  readonly #wire: Wire;
  readonly #credentials: BmcCredentials;
  readonly #settings: IpmiSettings;
  readonly #tags = new Tags();

  constructor(wire: Wire, credentials: BmcCredentials, settings: IpmiSettings) {
    this.#wire = wire;
    this.#credentials = credentials;
    this.#settings = settings;
  }

  /** @throws BmcError */
  async run(signal: AbortSignal): Promise<Link> {
    await this.#checkVersion(signal);
    const link = await this.#firstSuite(signal);
    try {
      const command = setSessionPrivilege(this.#privilege);
      await patiently(this.#patience(signal), (timeoutMs) => link.request(command, { timeoutMs, signal }));
    } catch (error) {
      await link.close(this.#settings.closeTimeoutMs);
      throw error;
    }
    return link;
  }

  get #privilege(): number {
    return privilegeLevel[this.#settings.privilege];
  }

  #patience(signal: AbortSignal): Patience {
    const { requestTimeoutMs: timeoutMs, busyPauseMs, repeatAfterMs: answerMs } = this.#settings;
    return { clock: this.#wire.clock, timeoutMs, busyPauseMs, answerMs, signal };
  }

  async #checkVersion(signal: AbortSignal): Promise<void> {
    try {
      const command = getChannelAuthentication(this.#privilege);
      const capabilities = await patiently(this.#patience(signal), (timeoutMs) =>
        askSessionless(this.#wire, command, { timeoutMs, signal }),
      );
      if (!capabilities.v20) throw this.#wire.error('unsupported', 'speaks IPMI 1.5 only; IPMI 2.0 is needed');
    } catch (error) {
      // A BMC that would rather not tell may still let us in.
      if (!(error instanceof CommandRefused) || error.kind === 'busy') throw error;
    }
  }

  async #firstSuite(signal: AbortSignal): Promise<Link> {
    const { suites } = this.#settings;
    for (const [index, suite] of suites.entries()) {
      const isLast = index === suites.length - 1;
      try {
        return await this.#handshake(suite, isLast, signal);
      } catch (error) {
        if (!isLast && !signal.aborted && mayTryNextSuite(error)) continue;
        throw error instanceof HandshakeRefused ? this.#wire.error(kinds[error.meaning], error.message, error) : error;
      }
    }
    throw this.#wire.error('unsupported', 'no cipher suite to try');
  }

  async #handshake(suite: CipherSuite, isLast: boolean, signal: AbortSignal): Promise<Link> {
    const { requestTimeoutMs } = this.#settings;
    const handshake = new Handshake(this.#wire, {
      suite,
      credentials: this.#credentials,
      privilege: this.#privilege,
      tags: this.#tags,
      openTimeoutMs: isLast ? requestTimeoutMs : requestTimeoutMs / 2,
      timeoutMs: requestTimeoutMs,
      signal,
    });
    try {
      return await handshake.run();
    } catch (error) {
      if (!(error instanceof HandshakeRefused) || error.meaning !== 'forgotten') throw error;
      return await handshake.run();
    }
  }
}

/** BMCs refuse a suite by a status, by a privilege limit of that suite, or by not answering at all. */
function mayTryNextSuite(error: unknown): boolean {
  if (error instanceof HandshakeRefused) {
    return error.meaning === 'algorithms' || (error.beforeName && error.meaning !== 'busy');
  }
  return error instanceof BmcError && error.kind === 'unreachable';
}
