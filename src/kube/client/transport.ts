import type { Readable } from 'node:stream';
import { Agent, type Dispatcher, ProxyAgent } from 'undici';
import type { Credentials, CredentialsSource, TlsMaterial } from './credentials.ts';
import { KubeConnectionError } from './errors.ts';

export interface TransportRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path and query, beginning with `/`. */
  path: string;
  headers?: Record<string, string>;
  body?: string;
  signal: AbortSignal;
  /** Called right before the request goes out, again if it goes out again; what it throws is thrown. */
  beforeSend?: (() => void) | undefined;
  /** Give up when no byte of the body arrives for so long. Default: never (the signal rules). */
  idleTimeoutSeconds?: number;
}

export interface TransportResponse {
  statusCode: number;
  headers: Record<string, string | string[] | undefined>;
  /** Must be read to its end or destroyed, or its connection is lost to others. */
  body: Readable;
}

/** Carries one HTTP request to the API server. */
export interface Transport {
  /** @throws KubeConnectionError when no answer came; the reason of `signal` when that was aborted */
  request(request: TransportRequest): Promise<TransportResponse>;
  close(): Promise<void>;
}

export interface HttpTransportOptions {
  /** Base URL of the API server; a path in it is kept. */
  server: string;
  credentials: CredentialsSource;
  /** HTTP proxy between here and the server. */
  proxyUrl?: string;
  /** Default 10. */
  connectTimeoutSeconds?: number;
}

/** Delay before the first TCP keep-alive probe: below the idle limit of common load balancers (60 s). */
const keepAliveProbeMs = 30_000;

/** HTTP/1.1 by undici: one connection a watch, so that one stuck stream never holds up another. */
export class HttpTransport implements Transport {
  readonly #origin: string;
  readonly #basePath: string;
  readonly #options: HttpTransportOptions;
  #dispatcher: Dispatcher | undefined;
  #fingerprint: string | undefined;

  constructor(options: HttpTransportOptions) {
    const url = new URL(options.server);
    this.#origin = url.origin;
    this.#basePath = url.pathname.replace(/\/$/, '');
    this.#options = options;
  }

  async request(request: TransportRequest): Promise<TransportResponse> {
    request.signal.throwIfAborted();
    const first = await this.#send(request);
    if (first.statusCode !== 401) return first;
    // A rotated token or certificate shows as 401: resolve the credentials anew and ask once more.
    // Read, not destroyed: an undici body that is destroyed unread raises an error, and nobody listens to this one.
    first.body.on('error', () => {}).resume();
    this.#options.credentials.invalidate();
    return await this.#send(request);
  }

  async close(): Promise<void> {
    const dispatcher = this.#dispatcher;
    this.#dispatcher = undefined;
    this.#fingerprint = undefined;
    await dispatcher?.destroy();
  }

  async #send(request: TransportRequest): Promise<TransportResponse> {
    const action = `${request.method} ${this.#origin}${request.path.split('?', 1)[0]}`;
    // A plugin may take its time over the credentials, and the process may have been paused meanwhile.
    const credentials = await this.#credentials(request, action);
    request.beforeSend?.();
    try {
      const { statusCode, headers, body } = await this.#dispatcherFor(credentials).request({
        origin: this.#origin,
        path: this.#basePath + request.path,
        method: request.method,
        headers: { accept: 'application/json', ...request.headers, ...credentials.headers },
        body: request.body ?? null,
        signal: request.signal,
        headersTimeout: 0,
        bodyTimeout: (request.idleTimeoutSeconds ?? 0) * 1000,
      });
      return { statusCode, headers, body };
    } catch (error) {
      if (request.signal.aborted) throw abortReason(request.signal, action);
      throw new KubeConnectionError(action, error);
    }
  }

  async #credentials(request: TransportRequest, action: string): Promise<Credentials> {
    try {
      return await this.#options.credentials.get();
    } catch (error) {
      if (request.signal.aborted) throw abortReason(request.signal, action);
      throw new KubeConnectionError(action, error);
    }
  }

  #dispatcherFor(credentials: Credentials): Dispatcher {
    if (this.#dispatcher === undefined || this.#fingerprint !== credentials.tlsFingerprint) {
      // Requests under way end on the old connections; new ones use the new certificate.
      void this.#dispatcher?.close();
      this.#dispatcher = this.#createDispatcher(credentials.tls);
      this.#fingerprint = credentials.tlsFingerprint;
    }
    return this.#dispatcher;
  }

  #createDispatcher(tls: TlsMaterial): Dispatcher {
    const common = { allowH2: false, pipelining: 1 };
    const { proxyUrl, connectTimeoutSeconds = 10 } = this.#options;
    if (proxyUrl !== undefined) return new ProxyAgent({ ...common, uri: proxyUrl, requestTls: tls });
    return new Agent({
      ...common,
      connect: {
        ...tls,
        timeout: connectTimeoutSeconds * 1000,
        keepAlive: true,
        keepAliveInitialDelay: keepAliveProbeMs,
      },
    });
  }
}

/** A deadline becomes a connection error that names the request; an abort by the caller stays what it is. */
function abortReason(signal: AbortSignal, action: string): unknown {
  const { reason } = signal;
  return reason instanceof Error && reason.name === 'DeadlineExceeded'
    ? new KubeConnectionError(action, reason)
    : reason;
}
