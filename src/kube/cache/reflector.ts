import type { KubeObject } from '../../api/meta/object.ts';
import { type Resource, resourceName } from '../../api/meta/resource.ts';
import { type Clock, sleep, systemClock } from '../../api/time/clock.ts';
import type { Client } from '../client/client.ts';
import { isExpired, KubeConnectionError, KubeError } from '../client/errors.ts';
import type { Selection } from '../client/options.ts';
import type { WatchEvent } from '../client/watch-event.ts';
import { reflectorFailed, reflectorListed } from '../telemetry/channels.ts';
import { Backoff, type BackoffOptions } from './backoff.ts';

/** Where a reflector puts what it learns. */
export interface ReflectorTarget<T extends KubeObject> {
  readonly resourceVersion: string;
  replace(items: T[], resourceVersion: string): void;
  apply(event: WatchEvent<T>): void;
}

export interface ReflectorOptions {
  selection?: Selection;
  /** Objects a page of the list. Default 250: what is parsed at once decides how much memory a process keeps for good. */
  pageSize?: number;
  /** Each page must arrive within this. Default 60. */
  pageTimeoutSeconds?: number;
  /** The server ends a watch after this to twice this, at random, to spread the load. Default 300. */
  watchTimeoutSeconds?: number;
  /** Silence for so long means a dead connection; servers send bookmarks every 60 s. Default 90. */
  idleTimeoutSeconds?: number;
  backoff?: BackoffOptions;
  clock?: Clock;
  random?: () => number;
}

/** Refused watches in a row, without an event between, after which the list is read anew. */
const maxRefusedWatches = 3;

/** Keeps a target equal to what the server has: list, then watch, for as long as it runs. Nothing it meets ends it. */
export class Reflector<T extends KubeObject> {
  readonly #client: Client;
  readonly #resource: Resource<T>;
  readonly #target: ReflectorTarget<T>;
  readonly #options: ReflectorOptions;
  readonly #clock: Clock;
  readonly #backoff: Backoff;
  #lastError: unknown;

  constructor(client: Client, resource: Resource<T>, target: ReflectorTarget<T>, options: ReflectorOptions = {}) {
    this.#client = client;
    this.#resource = resource;
    this.#target = target;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#backoff = new Backoff(options.backoff);
  }

  /** Why the target is not up to date, `undefined` when it is. */
  get lastError(): unknown {
    return this.#lastError;
  }

  /** Runs until `signal` aborts; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (await this.#list(signal)) await this.#watch(signal);
    }
  }

  async #list(signal: AbortSignal): Promise<boolean> {
    const started = this.#clock.monotonic();
    try {
      const { items, metadata } = await this.#readAll(signal);
      if (signal.aborted) return false;
      this.#target.replace(items, metadata.resourceVersion);
      this.#succeeded();
      const seconds = (this.#clock.monotonic() - started) / 1000;
      reflectorListed.publish({ resource: resourceName(this.#resource), items: items.length, seconds });
      return true;
    } catch (error) {
      await this.#failed('list', error, signal);
      return false;
    }
  }

  async #readAll(signal: AbortSignal) {
    const { selection, pageSize: limit = 250, pageTimeoutSeconds: timeoutSeconds = 60 } = this.#options;
    try {
      return await this.#client.list(this.#resource, { ...selection, limit, timeoutSeconds, signal });
    } catch (error) {
      if (!isExpired(error)) throw error;
      // The snapshot was compacted between two pages: one big page cannot expire.
      return await this.#client.list(this.#resource, { ...selection, limit: 0, timeoutSeconds, signal });
    }
  }

  /** Watches until the list has to be read anew. */
  async #watch(signal: AbortSignal): Promise<void> {
    let refused = 0;
    while (!signal.aborted) {
      const before = this.#target.resourceVersion;
      try {
        await this.#stream(signal);
        refused = 0;
      } catch (error) {
        if (isExpired(error)) return;
        if (this.#target.resourceVersion !== before) refused = 0;
        else if (error instanceof KubeError) refused += 1;
        await this.#failed('watch', error, signal);
        // A server that keeps refusing may have been restored from a backup: only a list brings us together again.
        if (refused >= maxRefusedWatches) return;
      }
    }
  }

  async #stream(signal: AbortSignal): Promise<void> {
    const { selection, watchTimeoutSeconds = 300, idleTimeoutSeconds = 90, random = Math.random } = this.#options;
    const started = this.#clock.monotonic();
    let events = 0;
    const stream = this.#client.watch(this.#resource, {
      ...selection,
      signal,
      resourceVersion: this.#target.resourceVersion,
      timeoutSeconds: Math.ceil(watchTimeoutSeconds * (1 + random())),
      idleTimeoutSeconds,
    });
    for await (const batch of stream) {
      for (const event of batch) this.#target.apply(event);
      events += batch.length;
      this.#succeeded();
    }
    // A server (or a proxy) that hangs up at once must not be asked again in a tight loop.
    if (events === 0 && this.#clock.monotonic() - started < 1000) {
      throw new KubeConnectionError(`watch ${resourceName(this.#resource)}`, 'closed before anything was sent');
    }
  }

  #succeeded(): void {
    this.#backoff.reset();
    this.#lastError = undefined;
  }

  async #failed(phase: 'list' | 'watch', error: unknown, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    this.#lastError = error;
    const asked = error instanceof KubeError ? (error.retryAfterSeconds ?? 0) : 0;
    const retrySeconds = Math.max(asked, this.#backoff.next());
    reflectorFailed.publish({ resource: resourceName(this.#resource), phase, error, retrySeconds });
    await sleep(this.#clock, retrySeconds * 1000, signal);
  }
}
