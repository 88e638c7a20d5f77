import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { FastifyInstance } from 'fastify';
import { CaptError, messageOf } from '../../api/errors/capt-error.ts';
import { type Clock, systemClock } from '../../api/time/clock.ts';
import type { Runnable } from '../manager/runnable.ts';
import { admissionApp } from './admission-app.ts';
import type { CertificatePair } from './certificate-authority.ts';
import { CertificateDirectory, type CertificateDirectoryOptions } from './certificate-directory.ts';
import type { AdmissionHandler } from './handler.ts';

export interface AdmissionServerOptions {
  handlers: readonly AdmissionHandler[];
  /** A pair that stays, or a directory in which it is renewed. */
  certificate: CertificatePair | CertificateDirectoryOptions;
  /** Default: all addresses of the machine. */
  host?: string;
  /** 0 for any that is free. Default 9443, as in controller-runtime. */
  port?: number;
  /** What sets the port, for the message that it is taken. Default `--webhook-port`. */
  portOption?: string;
  /**
   * Largest review. Default 7: the API server takes objects of 3 MiB, and an update comes with the old object as well.
   */
  bodyLimitMebibytes?: number;
  /** A verdict must be found within this; below the 10 s that the API server waits. Default 8. */
  handlerTimeoutSeconds?: number;
  /** How long a stop waits for verdicts under way. Default 5. */
  closeTimeoutSeconds?: number;
  clock?: Clock;
}

const minVersion = 'TLSv1.2';

/** Serves admission webhooks over HTTPS. Runs once. */
export class AdmissionServer implements Runnable {
  readonly name = 'admission webhooks';
  readonly #options: AdmissionServerOptions;
  readonly #directory: CertificateDirectory | undefined;
  #address: AddressInfo | undefined;

  /** @throws TypeError when two handlers have the same path */
  constructor(options: AdmissionServerOptions) {
    const paths = options.handlers.map(({ path }) => path);
    const double = paths.find((path, index) => paths.indexOf(path) !== index);
    if (double !== undefined) throw new TypeError(`two webhooks at ${double}`);
    this.#options = options;
    const { certificate } = options;
    this.#directory = 'directory' in certificate ? new CertificateDirectory(certificate) : undefined;
  }

  /** Where it listens; `undefined` while it does not. */
  get address(): AddressInfo | undefined {
    return this.#address;
  }

  /**
   * Serves until `signal` aborts and the verdicts under way are given.
   * @throws CaptError PORT_IN_USE, LISTEN_FAILED, SERVING_CERTIFICATE_UNUSABLE
   */
  async run(signal: AbortSignal, ready: () => void = () => {}): Promise<void> {
    const { handlers, bodyLimitMebibytes = 7, handlerTimeoutSeconds = 8, clock = systemClock } = this.#options;
    const pair = await this.#pair();
    const app = admissionApp({ handlers, bodyLimitMebibytes, handlerTimeoutSeconds, clock }, { ...pair, minVersion });
    // Stops with the server, whatever the server stops for.
    const stop = new AbortController();
    const abort = () => stop.abort();
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    try {
      if (stop.signal.aborted) return;
      await this.#listen(app);
      ready();
      await Promise.all([this.#follow(app.server, stop.signal), aborted(stop.signal)]);
    } finally {
      signal.removeEventListener('abort', abort);
      this.#address = undefined;
      await this.#close(app);
    }
  }

  async #pair(): Promise<CertificatePair> {
    const { certificate } = this.#options;
    if (this.#directory !== undefined) return await this.#directory.load();
    const { cert, key } = certificate as CertificatePair;
    return { cert, key };
  }

  async #listen(app: FastifyInstance<Server>): Promise<void> {
    const { host = everyAddress(), port = 9443, portOption: option = '--webhook-port' } = this.#options;
    try {
      await app.listen({ host, port });
    } catch (cause) {
      const code = (cause as NodeJS.ErrnoException).code === 'EADDRINUSE' ? 'PORT_IN_USE' : 'LISTEN_FAILED';
      throw new CaptError(code, { port, address: host, option, cause: messageOf(cause) }, { cause });
    }
    this.#address = app.server.address() as AddressInfo;
  }

  async #follow(server: Server, signal: AbortSignal): Promise<void> {
    // Connections that are open keep what they have; the API server opens new ones soon enough.
    await this.#directory?.follow(signal, (pair) => server.setSecureContext({ ...pair, minVersion }));
  }

  async #close(app: FastifyInstance<Server>): Promise<void> {
    const { closeTimeoutSeconds = 5, clock = systemClock } = this.#options;
    const cancel = clock.after(closeTimeoutSeconds * 1000, () => app.server.closeAllConnections());
    await app.close();
    cancel();
  }
}

/** Machines without IPv6, containers above all, cannot listen on `::`. */
function everyAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return addresses.some(({ family }) => family === 'IPv6') ? '::' : '0.0.0.0';
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
