import type { BmcCredentials, CallOptions } from '../../port.ts';
import type { Answer } from '../http/answer.ts';
import type { Exchange } from '../http/exchange.ts';
import { textAt } from '../json.ts';
import { pathOf } from '../link.ts';
import type { Authentication } from './authentication.ts';

/** A session of the BMC: a token with every request, deleted at the end (DSP0266 §13.3.4). */
export class SessionAuthentication implements Authentication {
  readonly #exchange: Exchange;
  readonly #credentials: BmcCredentials;
  readonly #sessions: string;
  #token: string | undefined;
  /** Of the session itself; some BMCs do not tell. */
  #path: string | undefined;

  /** `sessions` is the path of the collection in which sessions are made. */
  constructor(exchange: Exchange, credentials: BmcCredentials, sessions: string) {
    this.#exchange = exchange;
    this.#credentials = credentials;
    this.#sessions = sessions;
  }

  /**
   * Opens a session.
   * @returns what the BMC answered; there is a session only if `isOpen` afterwards
   */
  async login(call: CallOptions): Promise<Answer> {
    this.#token = undefined;
    const { username, password } = this.#credentials;
    const body = { UserName: username, Password: password };
    const answer = await this.#exchange.send({ method: 'POST', path: this.#sessions, body }, call);
    const token = answer.header('x-auth-token');
    if (answer.ok && token !== undefined) {
      this.#exchange.peer.keepSecret(token);
      this.#token = token;
      this.#path = answer.location ?? pathOf(textAt(answer.json, '@odata.id'));
    }
    return answer;
  }

  get isOpen(): boolean {
    return this.#token !== undefined;
  }

  headers(): Record<string, string> {
    return this.#token === undefined ? {} : { 'x-auth-token': this.#token };
  }

  /** A session that has worked may expire, or be forgotten by a BMC that restarts. */
  async renew(call: CallOptions): Promise<boolean> {
    if (!this.isOpen) return false;
    await this.login(call);
    return this.isOpen;
  }

  async close(call: CallOptions): Promise<void> {
    const headers = this.headers();
    const path = this.#path;
    if (!this.isOpen || path === undefined) return;
    this.#token = undefined;
    // BMCs end sessions by themselves, only later: nothing depends on this.
    await this.#exchange.send({ method: 'DELETE', path, headers }, call).catch(() => undefined);
  }
}
