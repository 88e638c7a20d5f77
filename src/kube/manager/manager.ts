import type { FastifyPluginAsync } from 'fastify';
import { CaptError, messageOf } from '../../api/errors/capt-error.ts';
import type { KubeObject } from '../../api/meta/object.ts';
import type { Resource } from '../../api/meta/resource.ts';
import { type Clock, sleep, systemClock } from '../../api/time/clock.ts';
import type { Cache, CacheOptions } from '../cache/cache.ts';
import type { Client } from '../client/client.ts';
import { KubeError } from '../client/errors.ts';
import { managerChanged, managerWaiting, runnableFailed, runtimeWarning } from '../telemetry/channels.ts';
import { aborted } from './abort.ts';
import { CacheRegistry, describeCache } from './cache-registry.ts';
import { explainFailure } from './explain-failure.ts';
import type { Health, HealthCheck } from './health-check.ts';
import { HealthServer, type HealthServerOptions } from './health-server.ts';
import { LeaderElection, type LeaderElectionOptions } from './leader-election.ts';
import type { Leadership } from './leadership.ts';
import type { Runnable, Waiting } from './runnable.ts';
import { RunnableGroup } from './runnable-group.ts';

export interface ManagerOptions {
  /** Base URL of the API server, for messages. */
  server?: string;
  /** Absent: this process always leads. */
  leaderElection?: LeaderElectionOptions;
  /** Absent: no HTTP server for probes and metrics. */
  health?: HealthServerOptions;
  /** Further addresses for probes and metrics; they need `health`. */
  probes?: readonly Parameters<HealthServer['further']>[0][];
  /** Everything must have stopped within this. Default 30. */
  gracefulShutdownSeconds?: number;
  /** While the start waits, what for is told this often. Default 10. */
  waitingReportSeconds?: number;
  clock?: Clock;
}

/** An API server that is not the manager's own. */
export interface OtherServer {
  client: Client;
  /** Base URL, for messages. */
  server?: string;
}

/** A cache as a part of a manager. */
export interface ManagedCacheOptions<T extends KubeObject> extends CacheOptions<T> {
  /** Where the objects are. Default: the manager's own API server. */
  from?: OtherServer;
}

/** What the manager needs of a controller. */
export interface ManagedController {
  readonly name: string;
  run(signal: AbortSignal): Promise<void>;
}

/** What a controller is made of. */
export interface ControllerContext {
  /** Its writes are refused unless this process leads at that moment. */
  client: Client;
  cache: Manager['cache'];
}

/** In the order in which they start; they stop in the opposite one. */
const phases = ['health', 'webhooks', 'caches', 'services', 'leader election', 'controllers'] as const;

type Phase = (typeof phases)[number];

/** Each group may use this share of the time left, so that one that hangs leaves some for those after it. */
const shutdownShare = 0.9;

/**
 * Owns what a controller process consists of, starts it in order, and stops it in the opposite order: probes, webhooks
 * (the API server may need them for the very lists that caches read), caches until all are synced, services that work
 * on every replica, the election, controllers. The first part that fails stops all; the process should then end.
 */
export class Manager {
  /** Reads and writes whether this process leads or not. */
  readonly client: Client;
  /** Its writes are refused unless this process leads at that moment. */
  readonly leaderClient: Client;
  readonly #options: ManagerOptions;
  readonly #clock: Clock;
  readonly #groups: Record<Phase, RunnableGroup>;
  readonly #registries = new Map<Client, { registry: CacheRegistry; server: string }>();
  readonly #health: HealthServer | undefined;
  readonly #election: LeaderElection | undefined;
  readonly #stopping = new AbortController();
  #failure: { error: unknown } | undefined;
  #running: Promise<void> | undefined;

  /** @throws CaptError LEADER_ELECTION_TIMES */
  constructor(client: Client, options: ManagerOptions = {}) {
    const { clock = systemClock, health, leaderElection } = options;
    this.client = client;
    this.#options = options;
    this.#clock = clock;
    this.#groups = Object.fromEntries(phases.map((phase) => [phase, this.#createGroup(phase)])) as Record<
      Phase,
      RunnableGroup
    >;
    if (health !== undefined) {
      this.#health = new HealthServer(health);
      this.#groups.health.add(this.#health);
      for (const probe of options.probes ?? []) this.#groups.health.add(this.#health.further(probe));
      this.#addOwnChecks(this.#health);
    }
    if (leaderElection !== undefined) {
      const explain = (error: unknown) => this.#explain(error);
      this.#election = new LeaderElection(client, { clock, explain, ...leaderElection });
      this.#groups['leader election'].add(this.#election);
    }
    this.leaderClient = this.leading(client);
  }

  /** A client whose writes are refused unless this process leads at that moment. */
  leading(client: Client): Client {
    return this.#election ? client.with({ beforeWrite: this.#election.leadership.assert }) : client;
  }

  /** `undefined` when there is no election. */
  get leadership(): Leadership | undefined {
    return this.#election?.leadership;
  }

  /** Where probes and metrics are served; `undefined` when they are not. */
  get healthAddress(): HealthServer['address'] {
    return this.#health?.address;
  }

  /**
   * The cache of a resource, one for each API server and selection, shared by all who ask.
   * @throws TypeError when it exists with another transform, or another function under the name of an index
   */
  cache<T extends KubeObject>(resource: Resource<T>, options: ManagedCacheOptions<T> = {}): Cache<T> {
    const { from, ...rest } = options;
    const { registry, server } = this.#registryOf(from);
    return registry.get(resource, { clock: this.#clock, ...rest }, (cache) =>
      this.#groups.caches.add(this.#runnableOf(cache, rest as unknown as CacheOptions<KubeObject>, server)),
    );
  }

  /** Adds a controller, or what `make` makes of a client that writes only while this process leads. */
  add(controller: ManagedController | ((context: ControllerContext) => ManagedController)): void {
    const made =
      typeof controller === 'function'
        ? controller({ client: this.leaderClient, cache: this.cache.bind(this) })
        : controller;
    this.#groups.controllers.add({
      name: `controller ${made.name}`,
      run: (signal, ready) => {
        ready();
        return made.run(signal);
      },
    });
  }

  /** Adds an admission server: up before any cache reads. */
  addWebhooks(runnable: Runnable): void {
    this.#groups.webhooks.add(runnable);
  }

  /** Adds what works on every replica, leader or not, from synced caches. */
  addService(runnable: Runnable): void {
    this.#groups.services.add(runnable);
  }

  /** A check of `/healthz`: failing gets the process restarted. Does nothing when no health server was asked for. */
  addHealthCheck(name: string, check: HealthCheck): void {
    this.#health?.addHealthCheck(name, check);
  }

  /** A check of `/readyz`: failing keeps traffic away. Does nothing when no health server was asked for. */
  addReadyCheck(name: string, check: HealthCheck): void {
    this.#health?.addReadyCheck(name, check);
  }

  /**
   * Serves these routes on the port of probes and metrics, whether this process leads or not. They are reachable before
   * caches are synced: what they cannot know yet they must answer with 503.
   * @throws TypeError when there is no health server
   */
  addRoutes(routes: FastifyPluginAsync): void {
    if (this.#health === undefined) throw new TypeError('routes need a manager with the option "health"');
    this.#health.addRoutes(routes);
  }

  /** What the start waits for, and since when; empty when all runs. */
  waitingFor(): Waiting[] {
    return phases.flatMap((phase) => this.#groups[phase].waitingFor());
  }

  /**
   * Runs until `signal` aborts, `stop` is called or a part fails, and until then all has stopped. Calling it again joins
   * the run; any of the signals stops it.
   * @throws what the part that failed threw; CaptError LEADERSHIP_LOST, SHUTDOWN_INCOMPLETE
   */
  async run(signal: AbortSignal): Promise<void> {
    const stop = () => this.#stopping.abort();
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    try {
      this.#running ??= this.#run();
      await this.#running;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  /** Stops at any point of the start or the run; resolves when all has stopped. How it went, `run` tells. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running?.catch(() => {});
  }

  async #run(): Promise<void> {
    managerChanged.publish({ state: 'starting' });
    await this.#start();
    await aborted(this.#stopping.signal);
    managerChanged.publish({ state: 'stopping' });
    const left = await this.#shutDown();
    managerChanged.publish({ state: 'stopped' });
    const incomplete = left.length > 0 ? this.#incomplete(left) : undefined;
    if (this.#failure === undefined && incomplete === undefined) return;
    if (this.#failure === undefined) throw incomplete;
    if (incomplete !== undefined) runtimeWarning.publish({ what: 'stopping after a failure', error: incomplete });
    throw this.#failure.error;
  }

  async #start(): Promise<void> {
    const { signal } = this.#stopping;
    const stopped = aborted(signal);
    const started = new AbortController();
    const reports = this.#reportWaits(started.signal);
    for (const phase of phases) {
      if (signal.aborted) break;
      await Promise.race([this.#groups[phase].start(), stopped]);
    }
    started.abort();
    await reports;
    if (!signal.aborted) managerChanged.publish({ state: 'started' });
  }

  async #shutDown(): Promise<string[]> {
    const endMs = this.#clock.monotonic() + this.#gracefulShutdownSeconds * 1000;
    const left: string[] = [];
    for (const phase of [...phases].reverse()) {
      // Another leader must not begin while something here still works as one.
      if (phase === 'leader election' && left.length > 0) this.#election?.keepUntilExpiry();
      const leftMs = Math.max(0, endMs - this.#clock.monotonic());
      left.push(...(await this.#groups[phase].stop((leftMs * shutdownShare) / 1000)));
    }
    return left;
  }

  async #reportWaits(started: AbortSignal): Promise<void> {
    const intervalMs = (this.#options.waitingReportSeconds ?? 10) * 1000;
    for (;;) {
      await sleep(this.#clock, intervalMs, started);
      if (started.aborted) return;
      const waiting = this.waitingFor();
      if (waiting.length > 0) managerWaiting.publish({ waiting });
    }
  }

  #createGroup(phase: Phase): RunnableGroup {
    return new RunnableGroup(phase, {
      clock: this.#clock,
      onFailure: (error, runnable) => {
        runnableFailed.publish({ runnable, error });
        // What fails because of the first failure, or while stopping, is not the reason.
        if (!this.#stopping.signal.aborted) this.#failure = { error };
        this.#stopping.abort();
      },
    });
  }

  #registryOf({ client, server }: OtherServer = { client: this.client, server: this.#server }) {
    const known = this.#registries.get(client);
    if (known !== undefined) return known;
    const made = { registry: new CacheRegistry(client), server: server ?? '(of the other kubeconfig)' };
    this.#registries.set(client, made);
    return made;
  }

  #runnableOf(cache: Cache<KubeObject>, options: CacheOptions<KubeObject>, server: string): Runnable {
    return {
      name: describeCache(cache.resource, options),
      run: async (signal, ready) => {
        cache.synced.then(ready, () => {});
        await cache.run(signal);
      },
      waitingFor: () => (cache.lastError === undefined ? 'the first list' : this.#explainCache(cache, server)),
    };
  }

  #explainCache(cache: Cache<KubeObject>, server: string): string {
    const { lastError, resource } = cache;
    // The list itself was not found, so the whole resource is unknown.
    const missing = lastError instanceof KubeError && lastError.code === 404;
    if (!missing) return messageOf(explainFailure(lastError, server));
    const crds = describeCache(resource, {}).replace('cache of ', '');
    const { message, hint } = new CaptError('CRD_MISSING', { server, crds });
    return `${message}; ${hint}`;
  }

  #explain(error: unknown): string {
    return messageOf(explainFailure(error, this.#server));
  }

  #addOwnChecks(health: HealthServer): void {
    health.addReadyCheck('webhooks', () => this.#healthOf('webhooks'));
    health.addReadyCheck('caches', () => this.#healthOfCaches());
    health.addReadyCheck('services', () => this.#healthOf('services'));
    // A standby that is not ready would stop a rolling update: the old leader is kept until the new replica is ready.
    health.addReadyCheck('leader-election', () => ({ ...this.#healthOf('leader election'), healthy: true }));
    health.addReadyCheck('shutdown', () =>
      this.#stopping.signal.aborted ? { healthy: false, message: 'stopping' } : { healthy: true },
    );
  }

  #healthOf(phase: Phase): Health {
    const group = this.#groups[phase];
    if (group.ready) return { healthy: true };
    const waiting = (group.started ? group.waitingFor() : this.waitingFor()).map(
      ({ what, reason, since }) => `${what} waits since ${since.toISOString()}: ${reason}`,
    );
    return { healthy: false, message: [...(group.started ? [] : ['not started']), ...waiting].join('; ') };
  }

  /** A cache that cannot follow at the moment serves what it has. */
  #healthOfCaches(): Health {
    const health = this.#healthOf('caches');
    if (!health.healthy) return health;
    const stale = [...this.#registries.values()].flatMap(({ registry, server }) =>
      registry
        .caches()
        .filter(({ lastError }) => lastError !== undefined)
        .map(({ resource, lastError }) => {
          return `${describeCache(resource, {})} is stale: ${messageOf(explainFailure(lastError, server))}`;
        }),
    );
    return stale.length === 0 ? health : { healthy: true, message: stale.join('; ') };
  }

  #incomplete(left: string[]): CaptError {
    return new CaptError('SHUTDOWN_INCOMPLETE', { seconds: this.#gracefulShutdownSeconds, names: left.join(', ') });
  }

  get #gracefulShutdownSeconds(): number {
    return this.#options.gracefulShutdownSeconds ?? 30;
  }

  get #server(): string {
    return this.#options.server ?? '(of the kubeconfig)';
  }
}
