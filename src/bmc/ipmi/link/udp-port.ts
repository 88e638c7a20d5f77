import { createSocket, type Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import type { DatagramAddress, DatagramListener, DatagramPort } from './datagram-port.ts';

/** A UDP socket connected to one address: the kernel drops what others send, and hands over "port unreachable". */
class UdpPort implements DatagramPort {
  readonly #socket: Socket;
  #closed = false;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  listen(listener: DatagramListener): void {
    this.#socket.on('message', (datagram) => listener.received(datagram));
    this.#socket.on('error', (error) => listener.failed(error));
  }

  send(datagram: Buffer): void {
    if (this.#closed) return;
    this.#socket.send(datagram, (error) => {
      if (error !== null && !this.#closed) this.#socket.emit('error', error);
    });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.close();
  }
}

/** Opens a UDP port to a BMC. Rejects when the name has no address or there is no way to it. */
export async function openUdpPort({ host, port }: DatagramAddress): Promise<DatagramPort> {
  const { address, family } = await lookup(host.replace(/^\[(.*)\]$/, '$1'));
  const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.connect(port, address, () => {
        socket.off('error', reject);
        resolve();
      });
    });
  } catch (error) {
    socket.close();
    throw error;
  }
  return new UdpPort(socket);
}
