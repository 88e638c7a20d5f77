import type { KubeObject } from '../../api/meta/object.ts';
import type { Resource } from '../../api/meta/resource.ts';
import type { HardwareSpec } from '../../api/tinkerbell/v1alpha1/hardware.ts';

/** An object that a Hardware refers to, with texts for all that it leaves out. */
export interface Reference {
  readonly namespace: string;
  readonly name: string;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
}

/** Most references of one Hardware. */
export const maxReferences = 32;

type WrittenReference = NonNullable<HardwareSpec['references']>[string];

export function referenceOf(written: WrittenReference): Reference {
  const { namespace = '', name = '', group = '', version = '', resource = '' } = written;
  return { namespace, name, group, version, resource };
}

/** Names of API groups, namespaces and most objects (RFC 1123 subdomains), of versions, of resources. */
const shapes: Readonly<Record<keyof Reference, RegExp>> = {
  namespace: /^(?:[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?)?$/,
  // Objects of RBAC have colons in their names. What would leave its place in the path is none.
  name: /^(?!\.{1,2}$)[^/%\s]{1,253}$/,
  group: /^(?:[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?)?$/,
  version: /^v[a-z0-9]{1,62}$/,
  // No slash: a subresource (a log, a token) is no object.
  resource: /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/,
};

/** Which fields of a reference cannot be what they have to be, `undefined` when it is in order. */
export function faultOf(reference: Reference): string | undefined {
  const wrong = (Object.keys(shapes) as (keyof Reference)[]).filter((field) => !shapes[field].test(reference[field]));
  return wrong.length === 0 ? undefined : `${wrong.join(', ')}: no such thing can exist; correct spec.references`;
}

/** How the object is asked for; without namespace it belongs to the cluster. */
export function resourceOf({ namespace, group, version, resource }: Reference): Resource<KubeObject> {
  return { group, version, kind: resource, plural: resource, namespaced: namespace !== '' };
}

/** `configmaps site/dns`, for people. */
export function describeReference({ namespace, name, group, resource }: Reference): string {
  return `${resource}${group === '' ? '' : `.${group}`} ${namespace === '' ? '' : `${namespace}/`}${name}`;
}
