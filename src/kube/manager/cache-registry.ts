import type { KubeObject } from '../../api/meta/object.ts';
import { type Resource, resourceName } from '../../api/meta/resource.ts';
import { Cache, type CacheOptions } from '../cache/cache.ts';
import type { Client } from '../client/client.ts';

interface Entry {
  cache: Cache<KubeObject>;
  options: CacheOptions<KubeObject>;
}

/** One cache for each resource and selection, however many ask for it. */
export class CacheRegistry {
  readonly #client: Client;
  readonly #entries = new Map<string, Entry>();

  constructor(client: Client) {
    this.#client = client;
  }

  /**
   * The cache of `resource`, with the indexes asked for besides those it has; `created` is told of a new one.
   * @throws TypeError when there is one with another transform, or another function under the name of an index
   */
  get<T extends KubeObject>(
    resource: Resource<T>,
    options: CacheOptions<T>,
    created: (cache: Cache<KubeObject>) => void,
  ): Cache<T> {
    const key = keyOf(resource, options);
    const entry = this.#entries.get(key);
    if (entry !== undefined) {
      checkTransform(resource, entry.options, options as unknown as CacheOptions<KubeObject>);
      const cache = entry.cache as unknown as Cache<T>;
      cache.addIndexes(options.indexes ?? {});
      return cache;
    }
    const cache = new Cache(this.#client, resource, options);
    const anyCache = cache as unknown as Cache<KubeObject>;
    this.#entries.set(key, { cache: anyCache, options: options as unknown as CacheOptions<KubeObject> });
    created(anyCache);
    return cache;
  }

  caches(): Cache<KubeObject>[] {
    return [...this.#entries.values()].map(({ cache }) => cache);
  }
}

/** What tells one cache from another: `hosts.example/v1 in ns labels a=b`. */
export function describeCache(
  resource: Resource,
  { selection = {} }: Pick<CacheOptions<KubeObject>, 'selection'>,
): string {
  const { namespace, labelSelector, fieldSelector } = selection;
  const parts = [`cache of ${resourceName(resource)}/${resource.version}`];
  if (namespace) parts.push(`in ${namespace}`);
  if (labelSelector) parts.push(`labels ${labelSelector}`);
  if (fieldSelector) parts.push(`fields ${fieldSelector}`);
  return parts.join(' ');
}

function keyOf<T extends KubeObject>(resource: Resource<T>, options: CacheOptions<T>): string {
  return describeCache(resource, options as unknown as CacheOptions<KubeObject>);
}

function checkTransform(resource: Resource, first: CacheOptions<KubeObject>, now: CacheOptions<KubeObject>): void {
  if (now.transform !== undefined && now.transform !== first.transform) {
    const name = describeCache(resource, now);
    throw new TypeError(`the ${name} exists already with another transform: all who share it get the same objects`);
  }
}
