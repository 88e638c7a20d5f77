import type { Runnable } from '../../kube/manager/runnable.ts';
import { serveUdp } from '../udp-server.ts';
import { SyslogService, type SyslogServiceOptions } from './syslog-service.ts';

export interface SyslogServerOptions extends SyslogServiceOptions {
  /** IP address to listen on. Default: all IPv4 addresses. */
  host?: string;
  /** 0 for any that is free. Default 514. */
  port?: number;
  /** What sets the port, for messages. Default `--syslog-bind-port`. */
  portOption?: string;
}

/** Serves `SyslogService` over UDP. Runs once. */
export class SyslogServer implements Runnable {
  readonly name = 'syslog';
  readonly #options: SyslogServerOptions;
  readonly #service: SyslogService;
  #port: number | undefined;

  constructor(options: SyslogServerOptions) {
    this.#options = options;
    this.#service = new SyslogService(options);
  }

  /** Where it listens; `undefined` while it does not. */
  get port(): number | undefined {
    return this.#port;
  }

  /** @throws CaptError UDP_PORT_IN_USE, NETBOOT_LISTEN_FAILED */
  async run(signal: AbortSignal, ready: () => void = () => {}): Promise<void> {
    const { host = '0.0.0.0', port = 514, portOption = '--syslog-bind-port' } = this.#options;
    await serveUdp({
      at: { service: this.name, host, port, portOption },
      signal,
      received: (datagram, peer) => this.#service.received(datagram, peer.address),
      listening: (socket) => {
        this.#port = socket.address().port;
        ready();
      },
      stopping: () => {
        this.#port = undefined;
      },
    });
  }
}
