import type { KubeObject, ObjectName } from '../../api/meta/object.ts';
import type { Resource } from '../../api/meta/resource.ts';
import { apiVersionOf } from '../../api/meta/resource.ts';
import type { Cache } from '../cache/cache.ts';
import type { Change } from '../cache/change.ts';
import { keyOf } from '../client/path.ts';
import type { WorkQueue } from '../queue/work-queue.ts';
import type { Predicate } from './predicates.ts';

/** Whom a changed object concerns. */
export type MapFunction<T extends KubeObject> = (object: T) => readonly ObjectName[];

/** Something that puts keys into a controller's queue as objects change. */
export interface WatchSource {
  /** Must have synced before the first reconcile. */
  readonly cache: Pick<Cache<KubeObject>, 'synced' | 'hasSynced' | 'resource'>;
  /** Begins to feed `queue`; returns the way to stop. */
  feed(queue: WorkQueue): () => void;
}

export interface WatchOptions<T extends KubeObject> {
  /** Default: the changed object itself. On an update both its old and its new state are asked. */
  map?: MapFunction<T>;
  /** All must agree. */
  predicates?: Predicate<T>[];
}

/** Watches the objects of `cache` and reconciles what `map` says. */
export function watch<T extends KubeObject>(cache: Cache<T>, options: WatchOptions<T> = {}): WatchSource {
  const { map = itself, predicates = [] } = options;
  return {
    cache: cache as unknown as WatchSource['cache'],
    feed(queue) {
      const onChange = (change: Change<T>) => {
        if (!predicates.every((predicate) => predicate(change))) return;
        const priority = change.initial ? 'low' : 'normal';
        for (const name of map(change.object)) queue.add(keyOf(name), priority);
        if (change.old !== undefined && map !== itself)
          for (const name of map(change.old)) queue.add(keyOf(name), priority);
      };
      const stop = cache.subscribe(onChange);
      // Objects that came before we listened.
      for (const object of cache.list())
        onChange({ type: 'added', key: keyOf(object.metadata), object, initial: true });
      return stop;
    },
  };
}

/** Maps a dependent to its owner of kind `owner`; versions do not matter, owners are matched by group and kind. */
export function toOwner(owner: Resource, options: { controllerOnly?: boolean } = {}): MapFunction<KubeObject> {
  const prefix = owner.group === '' ? '' : `${owner.group}/`;
  const inGroup = (apiVersion: string) =>
    prefix === '' ? apiVersion === apiVersionOf(owner) : apiVersion.startsWith(prefix);
  return ({ metadata }) =>
    (metadata.ownerReferences ?? [])
      .filter((reference) => reference.kind === owner.kind && inGroup(reference.apiVersion))
      .filter((reference) => !options.controllerOnly || reference.controller === true)
      .map(({ name }) => (owner.namespaced && metadata.namespace ? { namespace: metadata.namespace, name } : { name }));
}

function itself({ metadata }: KubeObject): readonly ObjectName[] {
  const { namespace, name = '' } = metadata;
  return [namespace ? { namespace, name } : { name }];
}
