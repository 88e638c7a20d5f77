import type { Hardware } from '../../../api/tinkerbell/v1alpha1/hardware.ts';
import type { Cache } from '../../../kube/cache/cache.ts';
import type { Runnable } from '../../../kube/manager/runnable.ts';
import { runtimeWarning } from '../../../kube/telemetry/channels.ts';
import { broadcastAddress, formatIpv4, parseIpv4 } from '../codec/ipv4.ts';
import type { DhcpJournal } from '../journal.ts';
import { DhcpResponder, type ResponderOptions } from '../responder.ts';
import { Endpoint, type EndpointOptions } from './endpoints.ts';

export interface DhcpServerOptions extends ResponderOptions {
  /** What has to be known before anybody is answered: without it every machine would be unknown. */
  readonly cache?: Pick<Cache<Hardware>, 'synced' | 'hasSynced'>;
  readonly endpoint: Omit<EndpointOptions, 'serverAddress'>;
  /** Default 67; 0 for any that is free. */
  readonly port?: number;
  /** Where a proxy answers as PXE boot server. Default 4011; 0 for any that is free. */
  readonly bootServerPort?: number;
}

/** Serves DHCP over UDP. Runs once. */
export class DhcpServer implements Runnable {
  readonly name = 'DHCP';
  readonly #options: DhcpServerOptions;
  readonly #responder: DhcpResponder;
  #endpoints: Endpoint[] = [];

  constructor(options: DhcpServerOptions) {
    this.#options = options;
    this.#responder = new DhcpResponder(options);
  }

  /** Where it listens: the port of DHCP, then, for a proxy, that of PXE boot servers. Empty while it does not. */
  get ports(): number[] {
    return this.#endpoints.map(({ port }) => port);
  }

  /** The newest exchanges and why they ended as they did. */
  get journal(): DhcpJournal {
    return this.#responder.journal;
  }

  waitingFor(): string | undefined {
    const { cache } = this.#options;
    return cache === undefined || cache.hasSynced ? undefined : 'the first list of Hardware';
  }

  /**
   * Serves from when the Hardware is known until `signal` aborts.
   * @throws CaptError UDP_PORT_IN_USE, NETBOOT_LISTEN_FAILED, DHCP_INTERFACE_UNUSABLE
   */
  async run(signal: AbortSignal, ready: () => void = () => {}): Promise<void> {
    const stopped = aborted(signal);
    await Promise.race([this.#options.cache?.synced.catch(() => {}), stopped]);
    if (signal.aborted || this.waitingFor() !== undefined) return;
    const { endpoint, serverAddress, mode, port = 67, bootServerPort = 4011 } = this.#options;
    const endpoints: Endpoint[] = [];
    try {
      const ports = mode === 'proxy' ? [port, bootServerPort] : [port];
      for (const one of ports) endpoints.push(await Endpoint.open(one, { ...endpoint, serverAddress }));
      this.#endpoints = endpoints;
      for (const [index, one] of endpoints.entries()) this.#listen(one, index > 0);
      ready();
      await stopped;
    } finally {
      this.#endpoints = [];
      await Promise.all(endpoints.map((one) => one.close()));
    }
  }

  #listen(endpoint: Endpoint, bootServer: boolean): void {
    const warn = (error: Error) => runtimeWarning.publish({ what: 'receiving DHCP', error });
    endpoint.listen((bytes, from, port) => {
      // There is nobody at port 0; sending there would throw.
      if (port === 0) return;
      const answer = this.#responder.respond(bytes, { address: parseIpv4(from) ?? 0, port, bootServer });
      if (answer === undefined) return;
      const to = formatIpv4(answer.to.address);
      const broadcasts = answer.to.address === broadcastAddress;
      endpoint.send(answer.bytes, to, answer.to.port, (error) => {
        // Without the address: strangers choose it, and each would be news.
        const reason = new Error((error as NodeJS.ErrnoException).code ?? error.message);
        runtimeWarning.publish({ what: `sending DHCP ${broadcasts ? 'by broadcast' : 'by unicast'}`, error: reason });
      });
    }, warn);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
