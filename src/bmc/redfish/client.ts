import { Deadline } from '../../kube/client/deadline.ts';
import type { CallOptions } from '../port.ts';
import type { Authentication } from './auth/authentication.ts';
import type { Answer } from './http/answer.ts';
import type { Exchange, ExchangeRequest } from './http/exchange.ts';
import { TaskMonitor } from './http/monitor.ts';
import { refusalOf } from './http/refusal.ts';
import type { Json } from './json.ts';
import { textAt } from './json.ts';
import { pathOf } from './link.ts';
import type { RedfishSettings } from './options.ts';
import type { Peer } from './peer.ts';
import { taskOutcomeOf } from './task.ts';

/** What is at a path. */
export interface Resource {
  path: string;
  json: Json;
  etag: string | undefined;
}

export interface ChangeOptions extends CallOptions {
  /** For messages: what is being done, in words. */
  what: string;
}

/** Reads and changes resources of one BMC, logged in; waits for its tasks. */
export class RedfishClient {
  readonly peer: Peer;
  readonly settings: RedfishSettings;
  readonly exchange: Exchange;
  readonly #authentication: Authentication;
  readonly #monitor: TaskMonitor;

  constructor(exchange: Exchange, authentication: Authentication, settings: RedfishSettings) {
    this.exchange = exchange;
    this.peer = exchange.peer;
    this.settings = settings;
    this.#authentication = authentication;
    this.#monitor = new TaskMonitor(exchange, settings, (path, call) => this.#send({ method: 'GET', path }, call));
  }

  /** @throws BmcError; `protocol` when there is no JSON object */
  async get(path: string, call: CallOptions): Promise<Resource> {
    const answer = await this.#send({ method: 'GET', path }, call);
    if (!answer.ok) throw this.#refusal(answer, `GET ${path}`);
    if (answer.isGarbled || Object.keys(answer.json).length === 0) {
      throw this.peer.error('protocol', `GET ${path}: the answer is not a JSON object`);
    }
    return { path, json: answer.json, etag: answer.etag };
  }

  async post(path: string, body: unknown, call: ChangeOptions): Promise<Answer> {
    return await this.#settled(await this.#send({ method: 'POST', path, body }, call), call);
  }

  /** `ifMatch` of undefined sends no `If-Match`. */
  async patch(path: string, body: unknown, ifMatch: string | undefined, call: ChangeOptions): Promise<Answer> {
    const headers = ifMatch === undefined ? {} : { 'if-match': ifMatch };
    return await this.#settled(await this.#send({ method: 'PATCH', path, body, headers }, call), call);
  }

  /** Logs out, which may take `closeTimeoutSeconds`, and hangs up. Never fails. */
  async close(): Promise<void> {
    using deadline = new Deadline(undefined, this.settings.closeTimeoutSeconds, this.exchange.clock);
    await this.#authentication.close(deadline);
    await this.exchange.close().catch(() => undefined);
  }

  async #send(request: ExchangeRequest, call: CallOptions): Promise<Answer> {
    const answer = await this.#sendOnce(request, call);
    // What was answered 401 was not carried out, so it may be asked again.
    if (answer.status !== 401 || !(await this.#authentication.renew(call))) return answer;
    return await this.#sendOnce(request, call);
  }

  #sendOnce(request: ExchangeRequest, call: CallOptions): Promise<Answer> {
    const headers = { ...request.headers, ...this.#authentication.headers() };
    return this.exchange.send({ ...request, headers }, call);
  }

  /** Waits for the task when there is one. */
  async #settled(answer: Answer, call: ChangeOptions): Promise<Answer> {
    if (!answer.ok) throw this.#refusal(answer, call.what);
    if (answer.status !== 202) return answer;
    const outcome = taskOutcomeOf(answer.json);
    if (outcome?.state === 'failed') throw this.peer.error('rejected', `${call.what}: ${outcome.text}`);
    const monitor = answer.location ?? pathOf(textAt(answer.json, '@odata.id'));
    // Accepted, and nowhere to look: whoever asked reads back what came of it.
    if (outcome?.state === 'done' || monitor === undefined) return answer;
    return await this.#monitor.follow(monitor, answer, call.what, call);
  }

  #refusal(answer: Answer, what: string): Error {
    return refusalOf(answer, what, this.peer, this.exchange.clock.now());
  }
}
