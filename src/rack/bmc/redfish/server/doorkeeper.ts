import type { VirtualRedfishBmcSettings } from '../options.ts';
import type { SessionTable } from '../state/session-table.ts';

/** Who may come in. Counts those who may not, as BMCs do that lock accounts. */
export class Doorkeeper {
  readonly #settings: VirtualRedfishBmcSettings;
  readonly #sessions: SessionTable;
  /** Attempts with wrong credentials. */
  refusedLogins = 0;

  constructor(settings: VirtualRedfishBmcSettings, sessions: SessionTable) {
    this.#settings = settings;
    this.#sessions = sessions;
  }

  /** The user, when name and password belong together. */
  check(name: string, password: string): string | undefined {
    const { users, faults } = this.#settings;
    const user = users.find((candidate) => candidate.name === name && candidate.password === password);
    if (user !== undefined && !faults.refusesCredentials) return user.name;
    this.refusedLogins += 1;
    return undefined;
  }

  /** The user behind a request, by its token or by its name and password. */
  recognise(headers: Readonly<Record<string, string | string[] | undefined>>): string | undefined {
    const token = headers['x-auth-token'];
    if (typeof token === 'string') return this.#sessions.use(token)?.user;
    const [scheme, encoded = ''] = String(headers['authorization'] ?? '').split(' ');
    if (scheme?.toLowerCase() !== 'basic') return undefined;
    const [name = '', ...password] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
    return this.check(name, password.join(':'));
  }
}
