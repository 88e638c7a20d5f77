import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { CaptError, messageOf } from '../../api/errors/capt-error.ts';
import type { Runnable } from '../../kube/manager/runnable.ts';
import { type Line, TftpService, type TftpServiceOptions } from './tftp-service.ts';

export interface TftpServerOptions extends TftpServiceOptions {
  /** IP address to listen on. Default: all IPv4 addresses. */
  host?: string;
  /** 0 for any that is free. Default 69. */
  port?: number;
  /** What sets the port, for messages. Default `--tftp-server-bind-port`. */
  portOption?: string;
  /** Every packet leaves from the port above, which firewalls like; else from a port of its own per transfer. Default true. */
  singlePort?: boolean;
}

/** Room for the ACKs of many clients that come while one thing takes long; the kernel gives what it allows. */
const receiveBufferBytes = 4 * 2 ** 20;

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

  /** @throws CaptError PORT_IN_USE, NETBOOT_LISTEN_FAILED */
  async run(signal: AbortSignal, ready: () => void = () => {}): Promise<void> {
    const socket = openSocket(this.#options.host ?? '0.0.0.0');
    const failed = new Promise<never>((_, reject) => socket.once('error', reject));
    // It may fail while nobody waits.
    failed.catch(() => {});
    try {
      await Promise.race([this.#bind(socket), failed]);
      if (signal.aborted) return;
      socket.on('message', (datagram, peer) => this.#received(socket, datagram, peer));
      this.#port = socket.address().port;
      ready();
      await Promise.race([new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true })), failed]);
    } catch (cause) {
      throw this.#explain(cause);
    } finally {
      this.#port = undefined;
      this.#service.stop();
      await closed(socket);
    }
  }

  #received(socket: Socket, datagram: Buffer, peer: RemoteInfo): void {
    // There is nobody at port 0; sending there would throw.
    if (peer.port === 0) return;
    const { singlePort = true } = this.#options;
    this.#service.received(datagram, peer, () => (singlePort ? sharedLine(socket, peer) : this.#ownLine(peer)));
  }

  #ownLine(peer: RemoteInfo): Line {
    const socket = openSocket(this.#options.host ?? '0.0.0.0');
    const line = sharedLine(socket, peer);
    socket.on('message', (datagram, from) => {
      const own = from.address === peer.address && from.port === peer.port;
      this.#service.received(datagram, from, () => (own ? line : { ...sharedLine(socket, from), close: () => {} }));
    });
    // Nothing can be sent from here: to the client it is as if packets got lost.
    socket.on('error', () => {});
    socket.bind({ address: this.#options.host ?? '0.0.0.0', port: 0 });
    return { send: line.send, close: () => void closed(socket) };
  }

  #bind(socket: Socket): Promise<void> {
    const { host: address = '0.0.0.0', port = 69 } = this.#options;
    return new Promise((resolve) => socket.bind({ address, port, exclusive: true }, resolve));
  }

  #explain(cause: unknown): CaptError {
    const { host = '0.0.0.0', port = 69, portOption = '--tftp-server-bind-port' } = this.#options;
    const details = { service: this.name, address: host, port, option: portOption, cause: messageOf(cause) };
    const inUse = (cause as NodeJS.ErrnoException).code === 'EADDRINUSE';
    return new CaptError(inUse ? 'UDP_PORT_IN_USE' : 'NETBOOT_LISTEN_FAILED', details, { cause });
  }
}

function openSocket(host: string): Socket {
  const type = host.includes(':') ? 'udp6' : 'udp4';
  return createSocket({
    type,
    recvBufferSize: receiveBufferBytes,
    // Addresses of peers are no names; Node's own way to find that out takes a turn of the event loop per packet.
    lookup: (address, _, callback) => callback(null, address, type === 'udp6' ? 6 : 4),
  });
}

function sharedLine(socket: Socket, { address, port }: { address: string; port: number }): Line {
  let open = true;
  return {
    send: (packet) => {
      // Without a callback, what cannot be sent (no route, full buffers) is a lost packet, which timeouts are for.
      if (open) socket.send(packet, port, address);
    },
    close: () => {
      open = false;
    },
  };
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    try {
      socket.close(resolve);
    } catch {
      // It is closed already.
      resolve();
    }
  });
}
