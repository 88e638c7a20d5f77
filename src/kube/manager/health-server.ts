import type { AddressInfo } from 'node:net';
import { type FastifyInstance, type FastifyPluginAsync, type FastifyReply, fastify } from 'fastify';
import { CaptError, messageOf } from '../../api/errors/capt-error.ts';
import { aborted } from './abort.ts';
import { describeHealth, type HealthCheck, runChecks } from './health-check.ts';
import type { Runnable } from './runnable.ts';

/** What `/metrics` answers. */
export interface MetricsSource {
  readonly contentType: string;
  text(): Promise<string>;
}

export interface HealthServerOptions {
  /** What logs call it. Default `health server`. */
  name?: string;
  /** Address to listen on. Default 127.0.0.1; a kubelet asks at the address of the pod, so there it is `0.0.0.0` or `::`. */
  host?: string;
  /** 0 takes any free port. Default 9440. */
  port?: number;
  /** What the user calls the port, for the message when it is in use. Default `--health-port`. */
  portOption?: string;
  /** Serves `/metrics`; absent: there is none. */
  metrics?: MetricsSource;
  /** A check must answer within this. Default 5. */
  checkTimeoutSeconds?: number;
}

/**
 * Plain HTTP for probes and scrapers: `/healthz`, `/readyz`, one check of them (`/readyz/caches`), and `/metrics`. Services
 * that share its port hang their routes onto it.
 */
export class HealthServer implements Runnable {
  readonly name: string;
  readonly #options: HealthServerOptions;
  #checks = { healthz: new Map<string, HealthCheck>(), readyz: new Map<string, HealthCheck>() };
  readonly #routes: FastifyPluginAsync[] = [];
  #address: AddressInfo | undefined;

  constructor(options: HealthServerOptions = {}) {
    this.#options = options;
    this.name = options.name ?? 'health server';
    this.addHealthCheck('ping', () => ({ healthy: true }));
    this.addReadyCheck('ping', () => ({ healthy: true }));
  }

  /** Where it listens; `undefined` when it does not. */
  get address(): AddressInfo | undefined {
    return this.#address;
  }

  /** A failing check of `/healthz` gets the process restarted. */
  addHealthCheck(name: string, check: HealthCheck): void {
    this.#checks.healthz.set(name, check);
  }

  /** A failing check of `/readyz` keeps traffic away. */
  addReadyCheck(name: string, check: HealthCheck): void {
    this.#checks.readyz.set(name, check);
  }

  /** A further server for the same probes and metrics, without the routes of services. */
  further(options: Omit<HealthServerOptions, 'metrics' | 'checkTimeoutSeconds'>): HealthServer {
    const server = new HealthServer({ ...this.#options, ...options });
    server.#checks = this.#checks;
    return server;
  }

  /** Serves these routes too, in a scope of their own: hooks and error handlers of one plugin do not touch the others. */
  addRoutes(routes: FastifyPluginAsync): void {
    this.#routes.push(routes);
  }

  /** @throws CaptError PORT_IN_USE, HEALTH_LISTEN_FAILED */
  async run(signal: AbortSignal, ready: () => void): Promise<void> {
    // Scrapers keep their connections open; closing must not wait for them.
    // A client that sends its request byte by byte must not hold a connection for ever; answers may take as long as they take.
    const app = fastify({ forceCloseConnections: true, requestTimeout: 60_000 });
    this.#route(app, 'healthz');
    this.#route(app, 'readyz');
    const { metrics } = this.#options;
    if (metrics !== undefined) {
      app.get('/metrics', async (_, reply) => reply.type(metrics.contentType).send(await metrics.text()));
    }
    for (const routes of this.#routes) app.register(routes);
    try {
      await this.#listen(app);
      ready();
      await aborted(signal);
    } finally {
      this.#address = undefined;
      await app.close();
    }
  }

  async #listen(app: FastifyInstance): Promise<void> {
    const { host = '127.0.0.1', port = 9440, portOption = '--health-port' } = this.#options;
    try {
      await app.listen({ host, port });
      this.#address = app.server.address() as AddressInfo;
    } catch (error) {
      const inUse = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      const details = { port, address: host, option: portOption };
      throw inUse
        ? new CaptError('PORT_IN_USE', details, { cause: error })
        : new CaptError('HEALTH_LISTEN_FAILED', { ...details, cause: messageOf(error) }, { cause: error });
    }
  }

  #route(app: FastifyInstance, endpoint: 'healthz' | 'readyz'): void {
    const checks = this.#checks[endpoint];
    app.get(`/${endpoint}`, (_, reply) => this.#answer(endpoint, checks, reply));
    app.get<{ Params: { name: string } }>(`/${endpoint}/:name`, ({ params: { name } }, reply) => {
      const check = checks.get(name);
      if (check !== undefined) return this.#answer(`${endpoint}/${name}`, [[name, check]], reply);
      return reply.code(404).send(`no check "${name}"; there are: ${[...checks.keys()].join(', ')}\n`);
    });
  }

  async #answer(
    endpoint: string,
    checks: Iterable<readonly [string, HealthCheck]>,
    reply: FastifyReply,
  ): Promise<FastifyReply> {
    const results = await runChecks(checks, this.#options.checkTimeoutSeconds ?? 5);
    const healthy = results.every((result) => result.healthy);
    return reply
      .code(healthy ? 200 : 503)
      .header('cache-control', 'no-cache')
      .type('text/plain; charset=utf-8')
      .send(describeHealth(endpoint, results));
  }
}
