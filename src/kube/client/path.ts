import type { ObjectName } from '../../api/meta/object.ts';
import type { Resource } from '../../api/meta/resource.ts';

/** Query parameters; `undefined` ones are left out. */
export type Query = Record<string, string | number | boolean | undefined>;

/**
 * The URL path of a collection (no `name`) or an object, as in the Kubernetes API conventions.
 * @throws TypeError when a namespaced object comes without its namespace, or a name could leave its path segment
 */
export function resourcePath(
  resource: Resource,
  target: { namespace?: string | undefined; name?: string | undefined; subresource?: string | undefined },
): string {
  const { namespace, name, subresource } = target;
  const prefix = resource.group === '' ? `/api/${resource.version}` : `/apis/${resource.group}/${resource.version}`;
  if (resource.namespaced && name !== undefined && !namespace) {
    throw new TypeError(`${resource.kind} ${name}: a namespaced object needs its namespace`);
  }
  const segments = [prefix];
  if (resource.namespaced && namespace) segments.push('namespaces', segment(namespace));
  segments.push(resource.plural);
  if (name !== undefined) segments.push(segment(name));
  if (subresource !== undefined) segments.push(subresource);
  return segments.join('/');
}

export function queryString(query: Query): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) params.set(name, String(value));
  }
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

/** `namespace/name`, or just the name of a cluster-scoped object: the key of caches and queues. */
export function keyOf({ namespace, name }: { namespace?: string | undefined; name?: string | undefined }): string {
  return namespace ? `${namespace}/${name}` : (name ?? '');
}

/** The opposite of `keyOf`. */
export function nameOfKey(key: string): ObjectName {
  const slash = key.indexOf('/');
  return slash < 0 ? { name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

function segment(text: string): string {
  // The API server rejects such names as well, but only after the path has already meant something else.
  if (text === '' || text === '.' || text === '..' || /[/%]/.test(text)) {
    throw new TypeError(`${JSON.stringify(text)} cannot be a name: names contain no "/" and no "%"`);
  }
  return encodeURIComponent(text);
}
