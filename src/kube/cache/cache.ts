import type { KubeObject, ObjectName } from '../../api/meta/object.ts';
import { type Resource, resourceName } from '../../api/meta/resource.ts';
import type { Client } from '../client/client.ts';
import { keyOf } from '../client/path.ts';
import type { ChangeListener } from './change.ts';
import type { IndexFunction } from './index-set.ts';
import { Reflector, type ReflectorOptions } from './reflector.ts';
import { Store, type StoreOptions } from './store.ts';

export interface CacheOptions<T extends KubeObject> extends StoreOptions<T>, ReflectorOptions {}

/**
 * A local copy of one resource that stays equal to the server's, with our own writes visible in it at once.
 * Objects are shared: treat them as read-only, copy before changing.
 */
export class Cache<T extends KubeObject> {
  readonly resource: Resource<T>;
  /** Resolves when the first list is in; rejects when the cache is stopped before. */
  readonly synced: Promise<void>;
  readonly #store: Store<T>;
  readonly #reflector: Reflector<T>;
  readonly #client: Client;
  readonly #selects: boolean;
  readonly #namespace: string | undefined;
  #hasSynced = false;
  #resolveSynced: () => void = () => {};
  #rejectSynced: (error: Error) => void = () => {};
  #running: Promise<void> | undefined;

  constructor(client: Client, resource: Resource<T>, options: CacheOptions<T> = {}) {
    this.resource = resource;
    this.#client = client;
    this.#store = new Store(options);
    this.#namespace = options.selection?.namespace;
    this.#selects = Boolean(options.selection?.labelSelector || options.selection?.fieldSelector);
    this.synced = new Promise((resolve, reject) => {
      this.#resolveSynced = resolve;
      this.#rejectSynced = reject;
    });
    // Nobody has to wait for it.
    this.synced.catch(() => {});
    this.#reflector = new Reflector(client, resource, this.#target(), options);
  }

  get hasSynced(): boolean {
    return this.#hasSynced;
  }

  /** Why the cache is not up to date, `undefined` when it is. */
  get lastError(): unknown {
    return this.#reflector.lastError;
  }

  get size(): number {
    return this.#store.size;
  }

  get(name: ObjectName): T | undefined {
    return this.#store.get(keyOf(name));
  }

  /** All objects, or those of one namespace. */
  list(options: { namespace?: string } = {}): T[] {
    const all = [...this.#store.values()];
    return options.namespace ? all.filter((object) => object.metadata.namespace === options.namespace) : all;
  }

  /** The objects that the index function named `index` files under `value`. */
  byIndex(index: string, value: string): T[] {
    return this.#store.byIndex(index, value);
  }

  /**
   * Adds indexes to those there are; naming one again with the same function is fine.
   * @throws TypeError when a name stands for another function already
   */
  addIndexes(indexes: Record<string, IndexFunction<T>>): void {
    this.#store.addIndexes(indexes);
  }

  /** @returns the way to stop listening */
  subscribe(listener: ChangeListener<T>): () => void {
    return this.#store.subscribe(listener);
  }

  /** Runs until `signal` aborts; calling it again joins the run. */
  run(signal: AbortSignal): Promise<void> {
    this.#running ??= this.#run(signal);
    return this.#running;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const stopObserving = this.#client.observe({
      written: (resource, object) => this.#written(resource, object),
      deleted: (resource, name, uid) => {
        if (sameResource(resource, this.resource)) this.#store.deleted(keyOf(name), uid);
      },
    });
    try {
      await this.#reflector.run(signal);
    } finally {
      stopObserving();
      if (!this.#hasSynced)
        this.#rejectSynced(new Error(`cache of ${resourceName(this.resource)} stopped before its first list`));
    }
  }

  #written(resource: Resource, object: KubeObject): void {
    if (!sameResource(resource, this.resource)) return;
    if (this.#namespace !== undefined && object.metadata.namespace !== this.#namespace) return;
    // Only the server can tell whether a new object matches a selector; one that is here already matched it.
    if (this.#selects && this.#store.get(keyOf(object.metadata)) === undefined) return;
    this.#store.written(object as T);
  }

  #target() {
    const store = this.#store;
    return {
      get resourceVersion() {
        return store.resourceVersion;
      },
      apply: store.apply.bind(store),
      replace: (items: T[], resourceVersion: string) => {
        store.replace(items, resourceVersion);
        if (this.#hasSynced) return;
        this.#hasSynced = true;
        this.#resolveSynced();
      },
    };
  }
}

function sameResource(a: Resource, b: Resource): boolean {
  return a.plural === b.plural && a.group === b.group && a.version === b.version;
}
