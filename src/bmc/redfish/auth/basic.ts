import type { BmcCredentials } from '../../port.ts';
import type { Peer } from '../peer.ts';
import type { Authentication } from './authentication.ts';

/** Name and password with every request (DSP0266 §13.3.2). */
export class BasicAuthentication implements Authentication {
  readonly #header: string;

  constructor({ username, password }: BmcCredentials, peer: Peer) {
    const encoded = Buffer.from(`${username}:${password}`).toString('base64');
    peer.keepSecret(encoded);
    this.#header = `Basic ${encoded}`;
  }

  headers(): Record<string, string> {
    return { authorization: this.#header };
  }

  renew(): Promise<boolean> {
    return Promise.resolve(false);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
