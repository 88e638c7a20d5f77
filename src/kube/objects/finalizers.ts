import type { KubeObject } from '../../api/meta/object.ts';
import type { Resource } from '../../api/meta/resource.ts';
import type { Client } from '../client/client.ts';
import { isReason } from '../client/errors.ts';
import { type PatchLatestOptions, patchLatest } from './patch-latest.ts';

export function hasFinalizer({ metadata }: KubeObject, finalizer: string): boolean {
  return metadata.finalizers?.includes(finalizer) ?? false;
}

/** The list with `finalizer` in it; the very same list when it is there already. */
export function withFinalizer(finalizers: string[] | undefined, finalizer: string): string[] {
  if (finalizers === undefined) return [finalizer];
  return finalizers.includes(finalizer) ? finalizers : [...finalizers, finalizer];
}

/** The list without `finalizer`; the very same list when it was not there. */
export function withoutFinalizer(finalizers: string[] | undefined, finalizer: string): string[] {
  if (finalizers === undefined) return [];
  return finalizers.includes(finalizer) ? finalizers.filter((entry) => entry !== finalizer) : finalizers;
}

/**
 * Writes our finalizer, keeping those of others whatever they do meanwhile; writes nothing when it is there.
 * @throws KubeError Invalid when the object is already being deleted: the server takes no new finalizer then
 */
export function addFinalizer<T extends KubeObject>(
  client: Client,
  resource: Resource<T>,
  object: T,
  finalizer: string,
  options?: PatchLatestOptions,
): Promise<T> {
  const compute = (latest: T) =>
    hasFinalizer(latest, finalizer)
      ? undefined
      : { metadata: { finalizers: withFinalizer(latest.metadata.finalizers, finalizer) } };
  return patchLatest(client, resource, object, compute, options);
}

/**
 * Takes our finalizer away, keeping those of others.
 * @returns the object as it is then, which may be its last state, or `undefined` when it was gone before
 */
export async function removeFinalizer<T extends KubeObject>(
  client: Client,
  resource: Resource<T>,
  object: T,
  finalizer: string,
  options?: PatchLatestOptions,
): Promise<T | undefined> {
  const compute = (latest: T) =>
    hasFinalizer(latest, finalizer)
      ? { metadata: { finalizers: withoutFinalizer(latest.metadata.finalizers, finalizer) } }
      : undefined;
  try {
    return await patchLatest(client, resource, object, compute, options);
  } catch (error) {
    if (isReason(error, 'NotFound')) return undefined;
    throw error;
  }
}
