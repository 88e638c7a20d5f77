import type { DatagramListener, DatagramPort, OpenDatagramPort } from '../../../bmc/ipmi/link/datagram-port.ts';
import type { Network } from './network.ts';

/** A port to a virtual BMC in the same process: the same packets, no sockets, no time but the injected clock's. */
class MemoryPort implements DatagramPort {
  readonly #network: Network;
  #listener: DatagramListener | undefined;

  constructor(network: Network) {
    this.#network = network;
  }

  listen(listener: DatagramListener): void {
    this.#listener = listener;
  }

  send(datagram: Buffer): void {
    // Never before `send` has returned: no network is that fast, and nobody expects it to be.
    queueMicrotask(() => this.#network.carry(datagram, (answer) => this.#listener?.received(answer)));
  }

  close(): void {
    this.#listener = undefined;
  }
}

/** Ports of a driver that all lead to the BMC behind `network`. */
export function memoryPorts(network: Network): OpenDatagramPort {
  return () => Promise.resolve(new MemoryPort(network));
}
