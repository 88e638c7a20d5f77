import assert from 'node:assert/strict';
import { ConfigMap } from '../../src/api/core/config-map.ts';
import type { ObjectName } from '../../src/api/meta/object.ts';
import { Cache, type CacheOptions } from '../../src/kube/cache/cache.ts';
import { type Client, isUncertain } from '../../src/kube/client/client.ts';
import { isReason, KubeError } from '../../src/kube/client/errors.ts';
import { keyOf } from '../../src/kube/client/path.ts';
import { Controller } from '../../src/kube/controller/controller.ts';
import type { ReconcileContext } from '../../src/kube/controller/reconciler.ts';
import { watch } from '../../src/kube/controller/watch-source.ts';
import { eventually } from './eventually.ts';

export const originalLabel = 'faults.capt.test/original';
const copyLabel = 'faults.capt.test/copy-of';

/** Waits short enough for a test, long enough to be longer than a busy machine needs. */
const impatient: CacheOptions<ConfigMap> = {
  watchTimeoutSeconds: 20,
  idleTimeoutSeconds: 3,
  pageTimeoutSeconds: 10,
  pageSize: 7,
  backoff: { baseSeconds: 0.05, maxSeconds: 0.5 },
};

/**
 * A controller that keeps one copy of every original. It notices when it acted on a stale cache: creating a copy that
 * is already there means so, unless the answer to an earlier attempt got lost.
 */
export class Mirror {
  readonly originals: Cache<ConfigMap>;
  readonly copies: Cache<ConfigMap>;
  readonly controller: Controller;
  /** The value that the last reconcile of each key saw, `undefined` for "not there". */
  readonly seen = new Map<string, string | undefined>();
  readonly faultsFound: string[] = [];
  readonly #client: Client;
  readonly #namespace: string;
  readonly #busy = new Set<string>();
  /** Keys whose last write may or may not have happened. */
  readonly #uncertain = new Set<string>();
  readonly #stop = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  constructor(client: Client, namespace: string) {
    this.#client = client;
    this.#namespace = namespace;
    this.originals = new Cache(client, ConfigMap, {
      ...impatient,
      selection: { namespace, labelSelector: originalLabel },
    });
    this.copies = new Cache(client, ConfigMap, {
      ...impatient,
      selection: { namespace },
    });
    this.controller = new Controller({
      name: `mirror-${namespace}`,
      concurrency: 4,
      reconcileTimeoutSeconds: 20,
      rateLimit: { baseSeconds: 0.01, maxSeconds: 0.5, retriesPerSecond: 1000, burst: 1000 },
      reconcile: (name, context) => this.#reconcile(name, context),
      watches: [
        watch(this.originals),
        watch(this.copies, {
          map: ({ metadata }) =>
            metadata.labels?.[copyLabel] ? [{ namespace, name: metadata.labels[copyLabel] }] : [],
        }),
      ],
    });
  }

  start(): void {
    const { signal } = this.#stop;
    this.#running = Promise.all([this.originals.run(signal), this.copies.run(signal), this.controller.run(signal)]);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #reconcile(name: ObjectName, { signal }: ReconcileContext): Promise<void> {
    const key = keyOf(name);
    if (this.#busy.has(key)) this.faultsFound.push(`${key} was reconciled by two workers at once`);
    this.#busy.add(key);
    try {
      const original = this.originals.get(name);
      await this.#bringInLine(name, original, signal);
      this.seen.set(key, original?.data?.value);
    } catch (error) {
      this.#judge(key, error);
      throw error;
    } finally {
      this.#busy.delete(key);
    }
  }

  async #bringInLine(name: ObjectName, original: ConfigMap | undefined, signal: AbortSignal): Promise<void> {
    const copy = this.copies.get({ namespace: this.#namespace, name: copyName(name.name) });
    // Only what came of the lost write tells that the cache has caught up with it.
    if (copy !== undefined) this.#uncertain.delete(keyOf(name));
    const call = { signal, timeoutSeconds: 5 };
    if (original === undefined) {
      if (copy !== undefined) await this.#remove(copy, signal);
    } else if (copy === undefined) {
      const metadata = { namespace: this.#namespace, name: copyName(name.name), labels: { [copyLabel]: name.name } };
      await this.#client.create(
        ConfigMap,
        { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { ...original.data } },
        call,
      );
    } else if (copy.data?.value !== original.data?.value) {
      await this.#client.update(ConfigMap, { ...copy, data: { ...original.data } }, call);
    }
  }

  #judge(key: string, error: unknown): void {
    if (isUncertain(error) || (error instanceof KubeError && error.code >= 500)) this.#uncertain.add(key);
    else if (isReason(error, 'AlreadyExists') && !this.#uncertain.has(key)) {
      this.faultsFound.push(`${key}: acted on a stale cache: ${String(error)}`);
    }
  }

  async #remove({ metadata }: ConfigMap, signal: AbortSignal): Promise<void> {
    const { name = '', uid = '' } = metadata;
    try {
      await this.#client.delete(
        ConfigMap,
        { namespace: this.#namespace, name },
        { signal, timeoutSeconds: 5, preconditions: { uid } },
      );
    } catch (error) {
      if (!isReason(error, 'NotFound')) throw error;
    }
  }

  /** Holds everything against what the server says, through `truth`, a client that no fault touches. */
  async verify(truth: Client, timeoutSeconds = 60): Promise<void> {
    await eventually(async () => {
      const all = (await truth.list(ConfigMap, { namespace: this.#namespace })).items;
      const originals = all.filter(({ metadata }) => metadata.labels?.[originalLabel] !== undefined);
      assert.deepEqual(
        versions(this.originals.list()),
        versions(originals),
        'the cache of originals differs from the server',
      );
      assert.deepEqual(versions(this.copies.list()), versions(all), 'the cache of copies differs from the server');
      const copies = all.filter(({ metadata }) => metadata.labels?.[copyLabel] !== undefined);
      assert.deepEqual(
        copies.map(({ metadata, data }) => `${metadata.labels?.[copyLabel]}=${data?.value}`).sort(),
        originals.map(({ metadata, data }) => `${metadata.name}=${data?.value}`).sort(),
        'not exactly one true copy of each original',
      );
      for (const [key, value] of this.seen) {
        const original = originals.find(({ metadata }) => keyOf(metadata) === key);
        assert.equal(value, original?.data?.value, `${key} was not reconciled after its last change`);
      }
      for (const { metadata } of originals)
        assert.ok(this.seen.has(keyOf(metadata)), `${metadata.name} was never reconciled`);
      assert.ok(this.controller.idle, 'the controller still works');
    }, timeoutSeconds);
    assert.deepEqual(this.faultsFound, []);
  }
}

/** The name of the copy of an original. */
export function copyName(original: string): string {
  return `copy-of-${original}`;
}

function versions(objects: ConfigMap[]): string[] {
  return objects.map(({ metadata }) => `${metadata.name} ${metadata.uid} ${metadata.resourceVersion}`).sort();
}
