import type { Socket } from 'node:dgram';
import type { Runnable } from '../../kube/manager/runnable.ts';
import { closeSocket, openUdpSocket, serveUdp } from '../udp-server.ts';
import { type Line, type Peer, TftpService, type TftpServiceOptions } from './tftp-service.ts';

export interface TftpServerOptions extends TftpServiceOptions {
  /** IP address to listen on. Default: all IPv4 addresses. */
  host?: string;
  /** 0 for any that is free. Default 69. */
  port?: number;
  /** What sets the port, for messages. Default `--tftp-server-bind-port`. */
  portOption?: string;
  /** Every packet leaves from the port above, which firewalls like; else each transfer has a port. Default true. */
  singlePort?: boolean;
}

/** Serves `TftpService` over UDP. Runs once. */
export class TftpServer implements Runnable {
  readonly name = 'TFTP';
  readonly #options: TftpServerOptions;
  readonly #service: TftpService;
  #port: number | undefined;

  constructor(options: TftpServerOptions) {
    this.#options = options;
    this.#service = new TftpService(options);
  }

  /** Where it listens; `undefined` while it does not. */
  get port(): number | undefined {
    return this.#port;
  }

  get transfers(): number {
    return this.#service.transfers;
  }

  /** @throws CaptError UDP_PORT_IN_USE, NETBOOT_LISTEN_FAILED */
  async run(signal: AbortSignal, ready: () => void = () => {}): Promise<void> {
    const { host = '0.0.0.0', port = 69, portOption = '--tftp-server-bind-port', singlePort = true } = this.#options;
    await serveUdp({
      at: { service: this.name, host, port, portOption },
      signal,
      received: (datagram, peer, socket) =>
        this.#service.received(datagram, peer, () => (singlePort ? lineTo(socket, peer) : this.#ownLine(host, peer))),
      listening: (socket) => {
        this.#port = socket.address().port;
        ready();
      },
      stopping: () => {
        this.#port = undefined;
        this.#service.stop();
      },
    });
  }

  #ownLine(host: string, peer: Peer): Line {
    const socket = openUdpSocket(host);
    const own = lineTo(socket, peer);
    socket.on('message', (datagram, from) => {
      if (from.port !== 0) this.#service.received(datagram, from, () => lineTo(socket, from));
    });
    // Nothing can be sent from here: to the client it is as if packets got lost.
    socket.on('error', () => {});
    socket.bind({ address: host, port: 0 });
    return { send: own.send, close: () => void closeSocket(socket) };
  }
}

function lineTo(socket: Socket, { address, port }: Peer): Line {
  return {
    // Without a callback, what cannot be sent (no route, full buffers) is a lost packet, which timeouts are for.
    send: (packet) => socket.send(packet, port, address),
    close: () => {},
  };
}
