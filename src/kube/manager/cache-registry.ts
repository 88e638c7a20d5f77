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
   * The cache of `resource`; `created` is told of a new one.
   * @throws TypeError when there is one that was made without an index or with another transform that is asked for now
   */
  get<T extends KubeObject>(
    resource: Resource<T>,
    options: CacheOptions<T>,
    created: (cache: Cache<KubeObject>) => void,
  ): Cache<T> {
    const key = keyOf(resource, options);
    const entry = this.#entries.get(key);
    if (entry !== undefined) {
      checkSame(resource, entry.options, options as unknown as CacheOptions<KubeObject>);
      return entry.cache as unknown as Cache<T>;
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

function checkSame(resource: Resource, first: CacheOptions<KubeObject>, now: CacheOptions<KubeObject>): void {
  const fresh = Object.entries(now.indexes ?? {}).filter(([name, values]) => first.indexes?.[name] !== values);
  const name = describeCache(resource, now);
  if (fresh.length > 0) {
    const indexes = fresh.map(([index]) => index).join(', ');
    throw new TypeError(
      `the ${name} exists already without the indexes asked for now (${indexes}): name all of them in the first call, with the same functions`,
    );
  }
  if (now.transform !== undefined && now.transform !== first.transform) {
    throw new TypeError(`the ${name} exists already with another transform: all who share it get the same objects`);
  }
}
