import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { CaptError, messageOf } from '../api/errors/capt-error.ts';

/** Where to listen, and what to call it in messages. */
export interface UdpAddress {
  readonly service: string;
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** The flag that sets the port. */
  readonly portOption: string;
}

export interface UdpServing {
  at: UdpAddress;
  signal: AbortSignal;
  received(datagram: Buffer, peer: RemoteInfo, socket: Socket): void;
  listening(socket: Socket): void;
  /** The last chance to send something. */
  stopping(): void;
}

/** Room for what comes while one thing takes long; the kernel gives what it allows. */
const receiveBufferBytes = 4 * 2 ** 20;

/**
 * Listens until `signal` aborts.
 * @throws CaptError UDP_PORT_IN_USE, NETBOOT_LISTEN_FAILED
 */
export async function serveUdp({ at, signal, received, listening, stopping }: UdpServing): Promise<void> {
  const socket = openUdpSocket(at.host);
  const failed = new Promise<never>((_, reject) => socket.once('error', reject));
  // It may fail while nobody waits.
  failed.catch(() => {});
  try {
    const bound = new Promise<void>((resolve) => {
      socket.bind({ address: at.host, port: at.port, exclusive: true }, resolve);
    });
    await Promise.race([bound, failed]);
    if (signal.aborted) return;
    // There is nobody at port 0; sending there would throw.
    socket.on('message', (datagram, peer) => peer.port !== 0 && received(datagram, peer, socket));
    listening(socket);
    const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    await Promise.race([aborted, failed]);
  } catch (cause) {
    throw explain(at, cause);
  } finally {
    stopping();
    await closeSocket(socket);
  }
}

export function openUdpSocket(host: string): Socket {
  const type = host.includes(':') ? 'udp6' : 'udp4';
  return createSocket({
    type,
    recvBufferSize: receiveBufferBytes,
    // Addresses of peers are no names; Node's own way to find that out takes a turn of the event loop per packet.
    lookup: (address, _, callback) => callback(null, address, type === 'udp6' ? 6 : 4),
  });
}

export function closeSocket(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    try {
      socket.close(resolve);
    } catch {
      // It is closed already.
      resolve();
    }
  });
}

function explain({ service, host, port, portOption }: UdpAddress, cause: unknown): CaptError {
  const details = { service, address: host, port, option: portOption, cause: messageOf(cause) };
  const inUse = (cause as NodeJS.ErrnoException).code === 'EADDRINUSE';
  return new CaptError(inUse ? 'UDP_PORT_IN_USE' : 'NETBOOT_LISTEN_FAILED', details, { cause });
}
