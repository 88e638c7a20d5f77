import type { BmcCredentials, CallOptions } from '../../port.ts';
import type { Answer } from '../http/answer.ts';
import type { Exchange } from '../http/exchange.ts';
import { refusalOf } from '../http/refusal.ts';
import { textAt } from '../json.ts';
import { pathOf } from '../link.ts';
import type { Authentication } from './authentication.ts';

/** A session of the BMC: a token with every request, deleted at the end (DSP0266 §13.3.4). */
export class SessionAuthentication implements Authentication {
  readonly #exchange: Exchange;
  readonly #credentials: BmcCredentials;
  readonly #sessions: string;
  #token: string | undefined;
  #lastToken: string | undefined;
  /** There was a session once, and the credentials have not been refused since. */
  #mayRenew = false;
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
      const { peer } = this.#exchange;
      // What opens nothing any more need not be kept, or kept from anybody.
      if (this.#lastToken !== undefined) peer.forgetSecret(this.#lastToken);
      peer.keepSecret(token);
      this.#token = token;
      this.#lastToken = token;
      this.#mayRenew = true;
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

  /**
   * A session that has worked may expire, or be forgotten by a BMC that restarts.
   * @throws BmcError when there is no new one for another reason than the credentials, which says nothing about those
   */
  async renew(call: CallOptions): Promise<boolean> {
    if (!this.#mayRenew) return false;
    const answer = await this.login(call);
    if (this.isOpen) return true;
    const refusal = refusalOf(answer, 'login', this.#exchange.peer, this.#exchange.clock.now());
    if (refusal.kind !== 'unauthorized') throw refusal;
    this.#mayRenew = false;
    return false;
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
