import { type Clock, sleep } from '../../api/time/clock.ts';
import { requestDone } from '../telemetry/channels.ts';
import { Deadline } from './deadline.ts';
import { KubeAnswerTooLarge, KubeConnectionError, KubeError, type Status } from './errors.ts';
import type { CallOptions } from './options.ts';
import type { Transport, TransportRequest, TransportResponse } from './transport.ts';

export interface RequesterOptions {
  userAgent: string;
  /** Default deadline of a call. */
  timeoutSeconds: number;
  clock: Clock;
}

export interface KubeRequest extends CallOptions {
  /** What is being done to what, for messages: `get nodes worker-1`. */
  action: string;
  method: TransportRequest['method'];
  path: string;
  headers?: Record<string, string>;
  body?: string;
  /** See `TransportRequest`. */
  beforeSend?: (() => void) | undefined;
}

/** How often a request that the server declined to start (429, 503 with Retry-After) is sent again. */
const maxRetries = 5;

/** Sends requests with a deadline, turns refusals into `KubeError`, and waits when the server asks to. */
export class Requester {
  readonly #transport: Transport;
  readonly #options: RequesterOptions;

  constructor(transport: Transport, options: RequesterOptions) {
    this.#transport = transport;
    this.#options = options;
  }

  async json<T>(request: KubeRequest): Promise<T> {
    const text = await this.text({ ...request, headers: { 'content-type': 'application/json', ...request.headers } });
    try {
      return JSON.parse(text) as T;
    } catch (error) {
      throw new KubeConnectionError(request.action, error);
    }
  }

  /**
   * @throws KubeError when the server refuses; KubeConnectionError when no whole answer came in time; KubeAnswerTooLarge
   * when it is longer than `maxBytes`
   */
  async text(request: KubeRequest): Promise<string> {
    using deadline = new Deadline(
      request.signal,
      request.timeoutSeconds ?? this.#options.timeoutSeconds,
      this.#options.clock,
    );
    for (let attempt = 0; ; attempt++) {
      const response = await this.open(request, deadline.signal);
      const text = await this.#read(response, request.action, deadline.signal, request.maxBytes);
      if (response.statusCode < 300) return text;
      const error = refusal(request.action, response, text);
      if (attempt >= maxRetries || !isInvitationToRetry(error)) throw error;
      await sleep(this.#options.clock, (error.retryAfterSeconds ?? 1) * 1000, deadline.signal);
      if (deadline.signal.aborted) throw error;
    }
  }

  /** Sends one request and answers as soon as the headers are there, whatever the status. */
  async open(request: KubeRequest & { idleTimeoutSeconds?: number }, signal: AbortSignal): Promise<TransportResponse> {
    const { method, path, body, idleTimeoutSeconds, beforeSend } = request;
    const started = this.#options.clock.monotonic();
    let code = '<error>';
    try {
      const response = await this.#transport.request({
        method,
        path,
        signal,
        beforeSend,
        headers: { 'user-agent': this.#options.userAgent, ...request.headers },
        ...(body === undefined ? {} : { body }),
        ...(idleTimeoutSeconds === undefined ? {} : { idleTimeoutSeconds }),
      });
      code = String(response.statusCode);
      return response;
    } finally {
      requestDone.publish({ method, code, seconds: (this.#options.clock.monotonic() - started) / 1000 });
    }
  }

  /** Reads the refusal out of a response that is no success. */
  async refuse(response: TransportResponse, action: string, signal: AbortSignal): Promise<KubeError> {
    return refusal(action, response, await this.#read(response, action, signal));
  }

  async #read(
    response: TransportResponse,
    action: string,
    signal: AbortSignal,
    maxBytes = Number.POSITIVE_INFINITY,
  ): Promise<string> {
    try {
      const chunks: Buffer[] = [];
      let sizeBytes = 0;
      for await (const chunk of response.body) {
        sizeBytes += (chunk as Buffer).length;
        // Leaving the loop destroys the rest.
        if (sizeBytes > maxBytes) throw new KubeAnswerTooLarge(action, maxBytes);
        chunks.push(chunk as Buffer);
      }
      return Buffer.concat(chunks).toString('utf8');
    } catch (error) {
      if (error instanceof KubeAnswerTooLarge) throw error;
      const aborted = signal.aborted && (signal.reason as Error)?.name !== 'DeadlineExceeded';
      throw aborted ? signal.reason : new KubeConnectionError(action, signal.aborted ? signal.reason : error);
    }
  }
}

function refusal(action: string, response: TransportResponse, text: string): KubeError {
  const header = Number(response.headers['retry-after']);
  return new KubeError(
    action,
    { code: response.statusCode, ...statusIn(text), kind: 'Status' },
    Number.isFinite(header) && header >= 0 ? header : undefined,
  );
}

function statusIn(text: string): Partial<Status> {
  try {
    const status = JSON.parse(text) as Status | null;
    if (status?.kind === 'Status') return status;
  } catch {
    // A proxy in between answers with text or HTML; its beginning is the best message there is.
  }
  return { message: text.slice(0, 500).trim() };
}

/** The server did not begin: sending again cannot do anything twice. */
function isInvitationToRetry(error: KubeError): boolean {
  return error.code === 429 || (error.code === 503 && error.retryAfterSeconds !== undefined);
}
