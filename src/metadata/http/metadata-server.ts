import type { AddressInfo } from 'node:net';
import { type FastifyPluginAsync, fastify } from 'fastify';
import { CaptError, messageOf } from '../../api/errors/capt-error.ts';
import type { Runnable } from '../../kube/manager/runnable.ts';

export interface MetadataServerOptions {
  readonly routes: FastifyPluginAsync;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** What the user calls the port, for the message when it is in use. */
  readonly portOption: string;
}

/** A port that serves metadata and nothing else: templates of years ago name 50061 or 7172. Runs once. */
export class MetadataServer implements Runnable {
  readonly name: string;
  readonly #options: MetadataServerOptions;
  #address: AddressInfo | undefined;

  constructor(options: MetadataServerOptions) {
    this.#options = options;
    this.name = `metadata server on port ${options.port}`;
  }

  /** Where it listens; `undefined` when it does not. */
  get address(): AddressInfo | undefined {
    return this.#address;
  }

  /** @throws CaptError PORT_IN_USE, LISTEN_FAILED */
  async run(signal: AbortSignal, ready: () => void = () => {}): Promise<void> {
    const { routes, host, port, portOption: option } = this.#options;
    const app = fastify({ forceCloseConnections: true, requestTimeout: requestTimeoutMs, keepAliveTimeout: idleMs });
    app.register(routes);
    try {
      try {
        await app.listen({ host, port });
      } catch (cause) {
        const code = (cause as NodeJS.ErrnoException).code === 'EADDRINUSE' ? 'PORT_IN_USE' : 'LISTEN_FAILED';
        throw new CaptError(code, { port, address: host, option, cause: messageOf(cause) }, { cause });
      }
      this.#address = app.server.address() as AddressInfo;
      ready();
      await new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        else signal.addEventListener('abort', () => resolve(), { once: true });
      });
    } finally {
      this.#address = undefined;
      await app.close();
    }
  }
}

/** As the original's HTTP server has them. */
const requestTimeoutMs = 30_000;
const idleMs = 120_000;
