import type { Clock } from '../../../api/time/clock.ts';
import { Deadline } from '../../../kube/client/deadline.ts';
import type { CallOptions } from '../../port.ts';
import { pathOf } from '../link.ts';
import type { RedfishSettings } from '../options.ts';
import type { Peer } from '../peer.ts';
import { Answer } from './answer.ts';
import { networkFailureOf, wasConnectionLost } from './network-failure.ts';
import type { HttpMethod, HttpTransport } from './transport.ts';

export interface ExchangeRequest {
  method: HttpMethod;
  path: string;
  headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  body?: unknown;
}

const mostRedirects = 3;

/** One request and its answer, whatever that says: deadline, redirects, lost connections. */
export class Exchange {
  readonly peer: Peer;
  readonly clock: Clock;
  readonly #transport: HttpTransport;
  readonly #settings: RedfishSettings;

  constructor(transport: HttpTransport, peer: Peer, settings: RedfishSettings, clock: Clock) {
    this.#transport = transport;
    this.peer = peer;
    this.clock = clock;
    this.#settings = settings;
  }

  /** @throws BmcError `unreachable` without an answer in time, `protocol` when it is none of HTTP */
  async send(request: ExchangeRequest, call: CallOptions): Promise<Answer> {
    let { path } = request;
    for (let redirects = 0; ; redirects++) {
      const answer = await this.#sendWithin({ ...request, path }, call);
      const isRedirect = answer.status === 307 || answer.status === 308 || (answer.status > 300 && answer.status < 304);
      if (!isRedirect || answer.header('location') === undefined) return answer;
      if (redirects === mostRedirects) throw this.#protocol(request, 'redirects without end');
      path = this.#redirected(request, answer);
    }
  }

  close(): Promise<void> {
    return this.#transport.close();
  }

  #redirected(request: ExchangeRequest, answer: Answer): string {
    const location = URL.parse(answer.header('location') ?? '', this.#transport.origin + request.path);
    const path = location?.origin === this.#transport.origin ? pathOf(location.href) : undefined;
    if (path === undefined)
      throw this.#protocol(request, `redirects to ${location?.origin ?? 'nowhere'}, not followed`);
    // Only 307 and 308 promise that what was asked will be done at the other place.
    if (request.method !== 'GET' && answer.status < 307) {
      throw this.#protocol(request, `answers ${answer.status}, a redirect that does not keep what was asked`);
    }
    return path;
  }

  async #sendWithin(request: ExchangeRequest, call: CallOptions): Promise<Answer> {
    using deadline = new Deadline(call.signal, this.#settings.requestTimeoutSeconds, this.clock);
    const { signal } = deadline;
    try {
      return await this.#transmit(request, signal);
    } catch (error) {
      if (signal.aborted) throw this.#aborted(request, signal.reason);
      // Reading again does no harm; anything else may already have been carried out.
      if (request.method !== 'GET' || !wasConnectionLost(error)) throw this.#failed(request, error);
    }
    try {
      return await this.#transmit(request, signal);
    } catch (error) {
      throw signal.aborted ? this.#aborted(request, signal.reason) : this.#failed(request, error);
    }
  }

  async #transmit({ method, path, headers, body }: ExchangeRequest, signal: AbortSignal): Promise<Answer> {
    signal.throwIfAborted();
    const sending = this.#transport.send({
      method,
      path,
      headers: {
        accept: 'application/json',
        'odata-version': '4.0',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal,
    });
    return new Answer(await orAborted(sending, signal), this.#settings.bodyLimitMebibytes * 2 ** 20);
  }

  #aborted(request: ExchangeRequest, reason: unknown): Error {
    const why = reason instanceof Error ? reason.message : String(reason);
    return this.peer.error('unreachable', `${nameOf(request)}: ${why}`, { cause: reason });
  }

  #failed(request: ExchangeRequest, error: unknown): Error {
    const { kind, text } = networkFailureOf(error);
    return this.peer.error(kind, `${nameOf(request)}: ${text}`);
  }

  #protocol(request: ExchangeRequest, text: string): Error {
    return this.peer.error('protocol', `${nameOf(request)}: ${text}`);
  }
}

function nameOf({ method, path }: ExchangeRequest): string {
  return `${method} ${path.split('?', 1)[0]}`;
}

/** A deadline holds whatever a transport makes of the signal. */
async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
    // What comes of it later is of no interest any more.
    work.catch(() => undefined);
  }
}
