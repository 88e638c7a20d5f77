import type { KubeObject } from './object.ts';

/**
 * How a kind is addressed at the API server. `T` is the object type that travels there, so that a client call names its
 * kind once and gets typed objects back.
 */
export interface Resource<T extends KubeObject = KubeObject> {
  /** API group, `''` for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** Lower-case plural, the path segment. */
  readonly plural: string;
  readonly namespaced: boolean;
  /** Never set: carries `T` for the type checker. */
  readonly objectType?: T;
}

/** `apiVersion` of a resource: `v1` for the core group, else `group/version`. */
export function apiVersionOf(resource: Resource): string {
  return resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
}

/** `plural.group`, the name of a CRD and of a resource in `kubectl`; just `plural` for the core group. */
export function resourceName(resource: Resource): string {
  return resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;
}
