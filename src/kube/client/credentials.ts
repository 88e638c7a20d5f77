import { createHash } from 'node:crypto';
import { type Clock, systemClock } from '../../api/time/clock.ts';
import type { Authentication } from './authentication.ts';

/** What a connection to the API server needs. */
export interface Credentials {
  headers: Record<string, string>;
  tls: TlsMaterial;
  /** Changes exactly when `tls` changes, so that connections can be kept as long as they are right. */
  tlsFingerprint: string;
}

export interface TlsMaterial {
  ca?: string | Buffer;
  cert?: string | Buffer;
  key?: string | Buffer;
  servername?: string;
  rejectUnauthorized?: boolean;
}

export interface CredentialsOptions {
  /** How long resolved credentials are used before files and plugins are asked again. Default 10. */
  refreshSeconds?: number;
  clock?: Clock;
}

/** Resolves credentials when needed, shares one resolution among concurrent requests, and forgets them on demand. */
export class CredentialsSource {
  readonly #authenticate: Authentication;
  readonly #refreshMs: number;
  readonly #clock: Clock;
  #current: Promise<Credentials> | undefined;
  #resolvedAt = 0;

  constructor(authenticate: Authentication, options: CredentialsOptions = {}) {
    this.#authenticate = authenticate;
    this.#refreshMs = (options.refreshSeconds ?? 10) * 1000;
    this.#clock = options.clock ?? systemClock;
  }

  get(): Promise<Credentials> {
    const now = this.#clock.monotonic();
    if (this.#current === undefined || now - this.#resolvedAt > this.#refreshMs) {
      this.#resolvedAt = now;
      const resolution = this.#resolve();
      this.#current = resolution;
      // A failed resolution must not be remembered: the plugin may answer the next time.
      resolution.catch(() => {
        if (this.#current === resolution) this.#current = undefined;
      });
    }
    return this.#current;
  }

  /** Makes the next `get` resolve anew: the server said 401. */
  invalidate(): void {
    this.#current = undefined;
  }

  async #resolve(): Promise<Credentials> {
    const options: Parameters<Authentication>[0] = { headers: {} };
    await this.#authenticate(options);
    const headers = { ...options.headers };
    if (typeof options.auth === 'string') {
      headers.Authorization = `Basic ${Buffer.from(options.auth).toString('base64')}`;
    }
    const tls: TlsMaterial = {};
    for (const name of ['ca', 'cert', 'key', 'servername', 'rejectUnauthorized'] as const) {
      if (options[name] !== undefined) Object.assign(tls, { [name]: options[name] });
    }
    return { headers, tls, tlsFingerprint: fingerprint(tls) };
  }
}

function fingerprint(tls: TlsMaterial): string {
  const hash = createHash('sha256');
  for (const [name, value] of Object.entries(tls)) hash.update(name).update(String(value));
  return hash.digest('hex');
}
