import type { KubeObject } from '../../api/meta/object.ts';
import type { Resource } from '../../api/meta/resource.ts';
import type { Client } from '../client/client.ts';
import { isReason } from '../client/errors.ts';
import type { CallOptions } from '../client/options.ts';
import { nameOf } from './name-of.ts';

export interface PatchLatestOptions extends CallOptions {
  subresource?: 'status';
  /** How often a lost race is run again, each time on a fresh copy of the object. Default 5. */
  maxConflicts?: number;
}

/**
 * Changes a list that others change too. Merge patches replace lists as a whole, so the patch is computed from one
 * state and accepted on no other (resourceVersion as precondition); on a conflict it is computed again from the newest.
 * @param object the state to begin with, from a cache perhaps
 * @param compute the merge patch for a state, `undefined` when that state is right already
 * @returns the state after the patch
 * @throws KubeError Conflict when every race was lost, or when another object has taken the name
 */
export async function patchLatest<T extends KubeObject>(
  client: Client,
  resource: Resource<T>,
  object: T,
  compute: (latest: T) => object | undefined,
  options: PatchLatestOptions = {},
): Promise<T> {
  const { maxConflicts = 5, subresource, ...call } = options;
  const name = nameOf(object);
  let latest = object;
  for (let conflicts = 0; ; conflicts++) {
    const patch = compute(latest);
    if (patch === undefined) return latest;
    try {
      const written = withPrecondition(patch, latest);
      return await client.mergePatch(resource, name, written, { ...call, ...(subresource ? { subresource } : {}) });
    } catch (error) {
      if (!isReason(error, 'Conflict') || conflicts >= maxConflicts) throw error;
      latest = await client.get(resource, name, call);
      if (latest.metadata.uid !== object.metadata.uid) throw error;
    }
  }
}

function withPrecondition(patch: object, { metadata }: KubeObject): object {
  const { resourceVersion } = metadata;
  if (resourceVersion === undefined) throw new TypeError(`${metadata.name}: metadata.resourceVersion is missing`);
  return { ...patch, metadata: { ...(patch as Partial<KubeObject>).metadata, resourceVersion } };
}
