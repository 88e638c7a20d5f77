import type { Clock } from '../../../api/time/clock.ts';
import type { BmcCredentials } from '../../port.ts';
import type { BmcSettings } from '../settings.ts';
import { Line } from './line.ts';
import { fingerprintOf, Login } from './login.ts';
import { Pace } from './pace.ts';

const mostLogins = 8;

/** What is known of one BMC in this process: who waits for it, how often it was asked, what went wrong. */
export class Site {
  readonly line = new Line();
  readonly pace: Pace;
  readonly #logins = new Map<string, Login>();

  constructor(clock: Clock, settings: BmcSettings) {
    this.pace = new Pace(clock, settings);
  }

  /** True when forgetting it would change nothing. */
  get forgettable(): boolean {
    return this.line.idle && this.pace.full && [...this.#logins.values()].every(({ trouble }) => trouble === undefined);
  }

  login(credentials: BmcCredentials): Login {
    const fingerprint = fingerprintOf(credentials);
    const login = this.#logins.get(fingerprint) ?? new Login();
    // In the order of use, so that the oldest is the first.
    this.#logins.delete(fingerprint);
    this.#logins.set(fingerprint, login);
    const [oldest] = this.#logins.keys();
    if (this.#logins.size > mostLogins && oldest !== undefined) this.#logins.delete(oldest);
    return login;
  }
}
