import { connect, type Server, type Socket } from 'node:net';

export interface RelayTarget {
  host: string;
  port: number;
}

/**
 * Hands every connection of `server` over to `target`. The server may listen on another network than the one this process
 * is on: that is what it is for. Disposing of it ends all connections.
 */
export class Relay implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(server: Server, target: RelayTarget) {
    this.#server = server;
    server.on('connection', (socket: Socket) => this.#carry(socket, connect(target.port, target.host)));
    // One that cannot be accepted is the client's loss, not the end of the others.
    server.on('error', () => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  /** Carries bytes both ways until one side ends. */
  #carry(one: Socket, other: Socket): void {
    for (const [from, to] of [
      [one, other],
      [other, one],
    ] as const) {
      this.#sockets.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
    }
  }
}
