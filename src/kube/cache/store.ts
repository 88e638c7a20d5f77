import type { KubeObject } from '../../api/meta/object.ts';
import { keyOf } from '../client/path.ts';
import type { WatchEvent } from '../client/watch-event.ts';
import type { Change, ChangeListener } from './change.ts';
import { type IndexFunction, IndexSet } from './index-set.ts';
import { compareResourceVersions } from './resource-version.ts';

export interface StoreOptions<T extends KubeObject> {
  indexes?: Record<string, IndexFunction<T>>;
  /** Drops what nobody reads before an object is kept; may change its argument. Default: drops managedFields. */
  transform?: (object: T) => T;
}

interface Entry<T> {
  object: T;
  /** Set while the object comes from our own write and no watch event has confirmed it. */
  unconfirmed?: true;
}

/**
 * The objects of one resource, kept by a reflector and by our own writes; the newer always wins, whoever brings it.
 * Objects are shared: treat them as read-only.
 */
export class Store<T extends KubeObject> {
  readonly #entries = new Map<string, Entry<T>>();
  /** Objects that we deleted and the watch still thinks alive: key → uid. */
  readonly #deletedByUs = new Map<string, string>();
  readonly #indexes = new IndexSet<T>();
  readonly #transform: (object: T) => T;
  readonly #listeners = new Set<ChangeListener<T>>();
  #resourceVersion = '';
  #initial = true;

  constructor(options: StoreOptions<T> = {}) {
    this.addIndexes(options.indexes ?? {});
    this.#transform = options.transform ?? dropManagedFields;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The newest resourceVersion the server told about; `''` before the first list. */
  get resourceVersion(): string {
    return this.#resourceVersion;
  }

  get(key: string): T | undefined {
    return this.#entries.get(key)?.object;
  }

  *values(): Generator<T> {
    for (const { object } of this.#entries.values()) yield object;
  }

  /** The objects that the index function named `index` files under `value`. */
  byIndex(index: string, value: string): T[] {
    const found: T[] = [];
    for (const key of this.#indexes.keys(index, value)) {
      const entry = this.#entries.get(key);
      if (entry !== undefined) found.push(entry.object);
    }
    return found;
  }

  /** @throws TypeError when a name stands for another function already */
  addIndexes(indexes: Record<string, IndexFunction<T>>): void {
    const objects = [...this.#entries].map(([key, { object }]) => [key, object] as const);
    for (const [name, values] of Object.entries(indexes)) this.#indexes.add(name, values, objects);
  }

  /** @returns the way to stop listening */
  subscribe(listener: ChangeListener<T>): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes one event of a watch. */
  apply(event: WatchEvent<T>): void {
    this.#resourceVersion = versionOf(event.object);
    if (event.type === 'BOOKMARK') return;
    const key = keyOf(event.object.metadata);
    const current = this.#entries.get(key);
    if (event.type === 'DELETED') {
      this.#deletedByUs.delete(key);
      // A newer object of the same name, written by us, is not what was deleted here.
      if (current !== undefined && !isNewer(current.object, event.object)) this.#remove(key, event.object);
      return;
    }
    if (this.#deletedByUs.get(key) === event.object.metadata.uid) return;
    if (current === undefined || isNewer(event.object, current.object)) this.#put(key, event.object);
    else if (!isNewer(current.object, event.object)) delete current.unconfirmed;
  }

  /**
   * Takes a whole list: what is not in it is gone. Objects that we wrote after the list was made stay, the watch that
   * follows will tell about them.
   */
  replace(items: Iterable<T>, resourceVersion: string): void {
    const listed = new Set<string>();
    this.#deletedByUs.clear();
    this.#resourceVersion = resourceVersion;
    for (const item of items) {
      const key = keyOf(item.metadata);
      listed.add(key);
      const current = this.#entries.get(key);
      if (current !== undefined && this.#keepAhead(current, resourceVersion)) continue;
      if (current === undefined || versionOf(current.object) !== versionOf(item)) this.#put(key, item);
      else delete current.unconfirmed;
    }
    for (const [key, entry] of [...this.#entries]) {
      if (!listed.has(key) && !this.#keepAhead(entry, resourceVersion)) this.#remove(key, entry.object);
    }
    this.#initial = false;
  }

  /** Takes the server's answer to our own write, so that nobody acts on what was before it. */
  written(object: T): void {
    if (this.#isKnown(versionOf(object))) return;
    const key = keyOf(object.metadata);
    const current = this.#entries.get(key);
    if (current === undefined || isNewer(object, current.object)) this.#put(key, structuredClone(object), true);
  }

  /** Takes the server's answer to our own delete; without a uid there is no telling which object of that name went. */
  deleted(key: string, uid: string | undefined): void {
    const current = this.#entries.get(key);
    if (uid === undefined || current?.object.metadata.uid !== uid) return;
    this.#deletedByUs.set(key, uid);
    this.#remove(key, current.object);
  }

  /** The watch has passed this resourceVersion: what it says now is newer than that write. */
  #isKnown(resourceVersion: string): boolean {
    return this.#resourceVersion === '' || compareResourceVersions(resourceVersion, this.#resourceVersion) <= 0;
  }

  /** Our own write is younger than the list. It is kept once: the next list is younger than it in any case. */
  #keepAhead(entry: Entry<T>, resourceVersion: string): boolean {
    const ahead = entry.unconfirmed === true && compareResourceVersions(versionOf(entry.object), resourceVersion) > 0;
    delete entry.unconfirmed;
    return ahead;
  }

  #put(key: string, incoming: T, unconfirmed = false): void {
    const object = this.#transform(incoming);
    const old = this.#entries.get(key)?.object;
    this.#entries.set(key, unconfirmed ? { object, unconfirmed } : { object });
    this.#indexes.update(key, old, object);
    const initial = this.#initial;
    this.#tell(
      old === undefined ? { type: 'added', key, object, initial } : { type: 'updated', key, object, old, initial },
    );
  }

  #remove(key: string, last: T): void {
    const known = this.#entries.get(key)?.object;
    this.#entries.delete(key);
    this.#indexes.update(key, known, undefined);
    this.#tell({ type: 'deleted', key, object: last, initial: false });
  }

  #tell(change: Change<T>): void {
    for (const listener of this.#listeners) listener(change);
  }
}

function dropManagedFields<T extends KubeObject>(object: T): T {
  // Not `delete`: it would turn the metadata of every object into a hash table, which takes more memory.
  const { managedFields: _, ...metadata } = object.metadata;
  object.metadata = metadata;
  return object;
}

function versionOf(object: KubeObject): string {
  return object.metadata.resourceVersion ?? '';
}

function isNewer(a: KubeObject, b: KubeObject): boolean {
  return compareResourceVersions(versionOf(a), versionOf(b)) > 0;
}
