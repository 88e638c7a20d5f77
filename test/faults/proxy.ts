import { createServer, type IncomingMessage, type RequestOptions, type Server, type ServerResponse } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type Fault, type FaultPlan, noFaults } from './fault.ts';
import { FaultStream } from './fault-stream.ts';

/** The API server behind the proxy, and who the proxy is there. */
export interface Upstream {
  server: string;
  ca: string;
  cert: string;
  key: string;
}

/**
 * An HTTP proxy in front of a real API server that breaks things on purpose. It speaks plain HTTP on loopback and adds
 * the client certificate itself, so that it can look into every request.
 */
export class FaultProxy implements AsyncDisposable {
  /** What happens to each request; may be changed at any time. */
  plan: FaultPlan = noFaults;
  /** How many faults of each kind struck. */
  readonly struck: Partial<Record<Fault['kind'] | 'cut', number>> = {};
  readonly #upstream: Upstream;
  readonly #agent: Agent;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(upstream: Upstream) {
    const { ca, cert, key } = upstream;
    this.#upstream = upstream;
    this.#agent = new Agent({ ca, cert, key, keepAlive: true });
    this.#server = createServer((request, response) => {
      this.#handle(request, response).catch(() => response.destroy());
    });
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    // Half-open connections are part of the trade.
    this.#server.requestTimeout = 0;
  }

  static async start(upstream: Upstream): Promise<FaultProxy> {
    const proxy = new FaultProxy(upstream);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Breaks every connection there is, at once. */
  cutAll(): void {
    this.#count('cut');
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#agent.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url: path = '/' } = request;
    const fault = this.plan({ method, path, isWatch: path.includes('watch=true') });
    if (fault !== undefined) this.#count(fault.kind);
    if (fault?.kind === 'refuse') {
      request.socket.resetAndDestroy();
      return;
    }
    if (fault?.kind === 'status') {
      const headers = fault.retryAfterSeconds === undefined ? {} : { 'retry-after': String(fault.retryAfterSeconds) };
      response.writeHead(fault.code, headers).end(statusBody(fault.code));
      return;
    }
    const answer = await this.#forward(request, response, { method, path });
    if (answer === undefined) return;
    if (fault?.kind === 'stall') await delay(fault.seconds * 1000);
    // What comes out may be shorter than what the server announced.
    const { 'content-length': _, ...headers } = answer.headers;
    response.writeHead(answer.statusCode ?? 502, headers);
    response.flushHeaders();
    answer.once('error', () => response.destroy());
    answer.once('aborted', () => response.destroy());
    if (fault === undefined || fault.kind === 'stall') answer.pipe(response);
    else answer.pipe(new FaultStream(fault, () => request.socket.resetAndDestroy())).pipe(response);
  }

  /** @returns the server's answer, `undefined` when there is none and the client has been told */
  #forward(
    request: IncomingMessage,
    response: ServerResponse,
    options: RequestOptions,
  ): Promise<IncomingMessage | undefined> {
    const url = new URL(this.#upstream.server);
    const headers = { ...request.headers, host: url.host };
    return new Promise((resolve) => {
      const forwarded = httpsRequest(
        { ...options, host: url.hostname, port: url.port, headers, agent: this.#agent },
        resolve,
      );
      forwarded.once('error', () => {
        response.destroy();
        resolve(undefined);
      });
      response.once('close', () => forwarded.destroy());
      request.pipe(forwarded);
    });
  }

  #count(kind: Fault['kind'] | 'cut'): void {
    this.struck[kind] = (this.struck[kind] ?? 0) + 1;
  }
}

function statusBody(code: number): string {
  return JSON.stringify({
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    code,
    message: 'injected by the fault proxy',
  });
}
