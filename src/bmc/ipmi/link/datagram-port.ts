/** What a port tells its owner. */
export interface DatagramListener {
  received(datagram: Buffer): void;
  /** The network said no (port unreachable, no route). Later datagrams may get through again. */
  failed(error: Error): void;
}

/** Datagrams to and from one address: UDP, or a wire in memory for tests. */
export interface DatagramPort {
  /** Called once, before anything is sent. */
  listen(listener: DatagramListener): void;
  /** Sends, or does not: datagrams get lost. */
  send(datagram: Buffer): void;
  close(): void;
}

/** Where a BMC is. */
export interface DatagramAddress {
  /** Host name or IP address, IPv6 with or without brackets. */
  host: string;
  port: number;
}

/** Opens a port to one address. Rejects when there is no such address. */
export type OpenDatagramPort = (address: DatagramAddress) => Promise<DatagramPort>;
