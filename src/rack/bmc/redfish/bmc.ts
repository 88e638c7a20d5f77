import type { AddressInfo, Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { VirtualRedfishBmcOptions } from './options.ts';
import { redfishApp } from './server/app.ts';
import { RedfishService } from './service.ts';

/** A BMC that speaks Redfish over HTTP or HTTPS in front of machines. Several may live in one process. */
export class VirtualRedfishBmc implements AsyncDisposable {
  readonly service: RedfishService;
  /** Every request that came in, as `GET /redfish/v1/`. */
  readonly requests: string[] = [];
  readonly #app: FastifyInstance;
  readonly #sockets = new Set<Socket>();

  constructor(options: VirtualRedfishBmcOptions) {
    this.service = new RedfishService(options);
    this.#app = redfishApp(this.service, (method, path) => this.requests.push(`${method} ${path}`));
    this.#app.server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  /** Begins to listen. A `port` of 0 takes one that is free. */
  async listen({ host = '127.0.0.1', port = 0 }: { host?: string; port?: number } = {}): Promise<AddressInfo> {
    await this.#app.listen({ host, port });
    return this.#app.server.address() as AddressInfo;
  }

  get openSessions(): number {
    return this.service.sessions.size;
  }

  /** Attempts to log in with wrong credentials. */
  get refusedLogins(): number {
    return this.service.doorkeeper.refusedLogins;
  }

  /** What changes something, of `requests`. */
  get changes(): string[] {
    return this.requests.filter((request) => /^(POST|PATCH)/.test(request) && !request.endsWith('/Sessions'));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.service[Symbol.dispose]();
    const closed = this.#app.close();
    // Half-open ones would keep it for ever, and so would those whose TLS has only begun.
    for (const socket of this.#sockets) socket.destroy();
    this.#app.server.on('connection', (socket: Socket) => socket.destroy());
    await closed;
  }
}
