import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { CaptError, messageOf } from '../../../api/errors/capt-error.ts';
import { formatIpv4, type Ipv4 } from '../codec/ipv4.ts';
import { openDeviceSocket, SystemCallError } from './device-socket.ts';

export interface EndpointOptions {
  /** Where to listen; 0 for all addresses of the machine, which alone hears broadcasts. */
  readonly address: Ipv4;
  /** Hear and reach this network interface only. */
  readonly device?: string;
  /** Our address as clients know it. */
  readonly serverAddress: Ipv4;
}

const EADDRINUSE = 98;
const ENODEV = 19;
/** Room for a rack that boots at once; the kernel gives what it allows. */
const receiveBufferBytes = 4 * 2 ** 20;

/**
 * The sockets of one port. Broadcasts are heard by a socket on all addresses. A second one on our own address, when this
 * machine has it, hears what comes by unicast and sends everything: a broadcast then leaves by the interface with that
 * address, on machines without a default route too, and every reply comes from the address that clients expect.
 */
export class Endpoint {
  readonly port: number;
  readonly #sockets: Socket[];

  private constructor(port: number, sockets: Socket[]) {
    this.port = port;
    this.#sockets = sockets;
  }

  /** @throws CaptError UDP_PORT_IN_USE, NETBOOT_LISTEN_FAILED, DHCP_INTERFACE_UNUSABLE */
  static async open(port: number, options: EndpointOptions): Promise<Endpoint> {
    const sockets: Socket[] = [];
    const { address, serverAddress } = options;
    try {
      if (port !== 0) await probe(port, options);
      sockets.push(await open(port, address, options, port !== 0));
      if (address === 0 && port !== 0 && isOwn(serverAddress)) {
        sockets.push(await open(port, serverAddress, options, true));
      }
      return new Endpoint(sockets[0]?.address().port ?? port, sockets);
    } catch (cause) {
      await Promise.all(sockets.map(closed));
      throw explain(cause, port, options);
    }
  }

  /** Sends without waiting; `failed` hears why it could not be sent. */
  send(bytes: Buffer, address: string, port: number, failed: (error: Error) => void): void {
    this.#sockets.at(-1)?.send(bytes, port, address, (error) => {
      if (error !== null) failed(error);
    });
  }

  listen(received: (bytes: Buffer, address: string, port: number) => void, failed: (error: Error) => void): void {
    for (const socket of this.#sockets) {
      socket.on('message', (bytes, from) => received(bytes, from.address, from.port));
      socket.on('error', failed);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#sockets.map(closed));
  }
}

/** Our own sockets share the port; a stranger must not, or clients would get two answers. */
async function probe(port: number, options: EndpointOptions): Promise<void> {
  await closed(await open(port, options.address, options, false));
}

async function open(port: number, address: Ipv4, { device }: EndpointOptions, shared: boolean): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', reuseAddr: shared, lookup: literal });
  const listening = once(socket, 'listening');
  try {
    if (device === undefined) socket.bind({ address: formatIpv4(address), port });
    else socket.bind({ fd: openDeviceSocket(device, address, port, shared) });
    await listening;
    // Until somebody listens, a failing datagram is as if it were lost.
    socket.on('error', () => {});
    socket.setBroadcast(true);
    socket.setRecvBufferSize(receiveBufferBytes);
    return socket;
  } catch (error) {
    listening.catch(() => {});
    await closed(socket);
    throw error;
  }
}

/** Only addresses are ever sent to: nothing to look up, and no turn of the event loop lost. */
function literal(
  address: string,
  _options: unknown,
  callback: (error: null, address: string, family: number) => void,
): void {
  callback(null, address, 4);
}

function isOwn(address: Ipv4): boolean {
  const text = formatIpv4(address);
  return Object.values(networkInterfaces()).some((addresses) => addresses?.some((own) => own.address === text));
}

async function closed(socket: Socket): Promise<void> {
  await new Promise<void>((resolve) => {
    try {
      socket.close(() => resolve());
    } catch {
      resolve();
    }
  });
}

function explain(cause: unknown, port: number, { address, device }: EndpointOptions): CaptError {
  const details = {
    service: 'DHCP',
    port,
    address: `${formatIpv4(address)}${device === undefined ? '' : ` on ${device}`}`,
    option: '--dhcp-bind-addr',
    cause: messageOf(cause),
  };
  const errno = cause instanceof SystemCallError ? cause.errno : undefined;
  const code = (cause as NodeJS.ErrnoException).code;
  if (errno === EADDRINUSE || code === 'EADDRINUSE') return new CaptError('UDP_PORT_IN_USE', details, { cause });
  if (device !== undefined && (errno === undefined || errno === ENODEV)) {
    return new CaptError('DHCP_INTERFACE_UNUSABLE', { device, cause: reasonOf(errno, cause) }, { cause });
  }
  return new CaptError('NETBOOT_LISTEN_FAILED', details, { cause });
}

function reasonOf(errno: number | undefined, cause: unknown): string {
  return errno === ENODEV ? 'there is no such interface' : messageOf(cause);
}
