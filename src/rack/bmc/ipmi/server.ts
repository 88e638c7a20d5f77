import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Network } from './network.ts';

/** A virtual BMC on UDP. */
export class IpmiBmcServer implements AsyncDisposable {
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Listens on `port` of `host`; 0 for a free one. Rejects when that cannot be. */
  static async start(network: Network, host = '127.0.0.1', port = 0): Promise<IpmiBmcServer> {
    const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(port, host, () => {
        socket.off('error', reject);
        resolve();
      });
    });
    socket.on('message', (datagram, from) => {
      // An answer that cannot be sent is a lost datagram, which is what the protocol is made for.
      network.carry(datagram, (answer) => socket.send(answer, from.port, from.address, () => undefined));
    });
    socket.on('error', () => undefined);
    return new IpmiBmcServer(socket);
  }

  get host(): string {
    return this.#socket.address().address;
  }

  get port(): number {
    return this.#socket.address().port;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return new Promise((resolve) => this.#socket.close(() => resolve()));
  }
}
