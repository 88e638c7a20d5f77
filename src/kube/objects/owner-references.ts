import { CaptError } from '../../api/errors/capt-error.ts';
import type { KubeObject, OwnerReference } from '../../api/meta/object.ts';
import { apiVersionOf, type Resource } from '../../api/meta/resource.ts';
import type { Client } from '../client/client.ts';
import { keyOf } from '../client/path.ts';
import { nameOf } from './name-of.ts';
import { type PatchLatestOptions, patchLatest } from './patch-latest.ts';

/** What tells owners apart: versions come and go, and uids change when objects move to another cluster. */
export interface OwnerIdentity {
  apiVersion: string;
  kind: string;
  name: string;
  /** Only this very object, not another one that has the same name later. */
  uid?: string;
}

/** The group of an `apiVersion`, `''` for the core group. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** True when `reference` means `owner`, in whatever version. */
export function refersTo(reference: OwnerReference, owner: OwnerIdentity): boolean {
  return (
    reference.kind === owner.kind &&
    reference.name === owner.name &&
    groupOf(reference.apiVersion) === groupOf(owner.apiVersion) &&
    (owner.uid === undefined || owner.uid === reference.uid)
  );
}

/** The owner that manages the object, if it has one. */
export function controllerOf({ metadata }: KubeObject): OwnerReference | undefined {
  return metadata.ownerReferences?.find((reference) => reference.controller === true);
}

/** The first owner of a group and kind. */
export function ownerOfKind(
  { metadata }: KubeObject,
  kind: Pick<Resource, 'group' | 'kind'>,
): OwnerReference | undefined {
  return metadata.ownerReferences?.find(
    (reference) => reference.kind === kind.kind && groupOf(reference.apiVersion) === kind.group,
  );
}

/**
 * The reference that makes `owner` an owner of `dependent`.
 * @throws TypeError when the garbage collector would take the owner for missing and delete the dependent: owners live in
 * the namespace of what they own, or in none
 */
export function ownerReferenceTo(
  resource: Resource,
  owner: KubeObject,
  dependent: KubeObject,
  flags: Pick<OwnerReference, 'controller' | 'blockOwnerDeletion'> = {},
): OwnerReference {
  const { name } = nameOf(owner);
  const { uid, namespace } = owner.metadata;
  if (uid === undefined) throw new TypeError(`${resource.kind} ${name}: an owner needs a uid`);
  if (namespace && namespace !== dependent.metadata.namespace) {
    throw new TypeError(
      `${resource.kind} ${keyOf(owner.metadata)} cannot own ${dependent.kind} ${keyOf(dependent.metadata)}: ` +
        'an owner is in the same namespace, or in none',
    );
  }
  return { apiVersion: apiVersionOf(resource), kind: resource.kind, name, uid, ...flags };
}

/** The list with `reference` in it, in the place of an older one to the same owner; the very same list when nothing changes. */
export function withOwner(references: OwnerReference[] | undefined, reference: OwnerReference): OwnerReference[] {
  if (references === undefined) return [reference];
  const index = references.findIndex((entry) => refersTo(entry, withoutUid(reference)));
  const old = references[index];
  if (old === undefined) return [...references, reference];
  const merged = { ...old, ...reference };
  return sameReference(old, merged) ? references : references.with(index, merged);
}

/**
 * `withOwner`, for the one owner that manages the object.
 * @throws CaptError CONTROLLED_BY_ANOTHER
 */
export function withController(object: KubeObject, reference: OwnerReference): OwnerReference[] {
  const current = controllerOf(object);
  if (current !== undefined && !refersTo(current, withoutUid(reference))) {
    throw new CaptError('CONTROLLED_BY_ANOTHER', {
      object: `${object.kind} ${keyOf(object.metadata)}`,
      controller: `${current.kind} ${current.name}`,
      wanted: `${reference.kind} ${reference.name}`,
    });
  }
  return withOwner(object.metadata.ownerReferences, { ...reference, controller: true });
}

/** The list without the references to `owner`; the very same list when there are none. */
export function withoutOwner(references: OwnerReference[] | undefined, owner: OwnerIdentity): OwnerReference[] {
  if (references === undefined) return [];
  const kept = references.filter((reference) => !refersTo(reference, owner));
  return kept.length === references.length ? references : kept;
}

/** Writes an owner, keeping those of others whatever they do meanwhile; writes nothing when it is there. */
export function addOwner<T extends KubeObject>(
  client: Client,
  resource: Resource<T>,
  object: T,
  reference: OwnerReference,
  options?: PatchLatestOptions,
): Promise<T> {
  return writeOwners(
    client,
    resource,
    object,
    ({ metadata }) => withOwner(metadata.ownerReferences, reference),
    options,
  );
}

/**
 * Writes the owner that manages the object, keeping all others.
 * @throws CaptError CONTROLLED_BY_ANOTHER
 */
export function setController<T extends KubeObject>(
  client: Client,
  resource: Resource<T>,
  object: T,
  reference: OwnerReference,
  options?: PatchLatestOptions,
): Promise<T> {
  return writeOwners(client, resource, object, (latest) => withController(latest, reference), options);
}

/** Takes an owner away, keeping all others. */
export function removeOwner<T extends KubeObject>(
  client: Client,
  resource: Resource<T>,
  object: T,
  owner: OwnerIdentity,
  options?: PatchLatestOptions,
): Promise<T> {
  return writeOwners(
    client,
    resource,
    object,
    ({ metadata }) => withoutOwner(metadata.ownerReferences, owner),
    options,
  );
}

function writeOwners<T extends KubeObject>(
  client: Client,
  resource: Resource<T>,
  object: T,
  change: (latest: T) => OwnerReference[],
  options: PatchLatestOptions | undefined,
): Promise<T> {
  const compute = (latest: T) => {
    const before = latest.metadata.ownerReferences;
    const after = change(latest);
    return after === before || (before === undefined && after.length === 0)
      ? undefined
      : { metadata: { ownerReferences: after } };
  };
  return patchLatest(client, resource, object, compute, options);
}

function withoutUid({ apiVersion, kind, name }: OwnerReference): OwnerIdentity {
  return { apiVersion, kind, name };
}

function sameReference(a: OwnerReference, b: OwnerReference): boolean {
  return (
    a.apiVersion === b.apiVersion &&
    a.uid === b.uid &&
    (a.controller ?? false) === (b.controller ?? false) &&
    (a.blockOwnerDeletion ?? false) === (b.blockOwnerDeletion ?? false)
  );
}
