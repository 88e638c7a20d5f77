import type { KubeObject } from '../../api/meta/object.ts';
import { type Resource, resourceName } from '../../api/meta/resource.ts';
import type { Client } from '../client/client.ts';
import { KubeError } from '../client/errors.ts';
import { keyOf } from '../client/path.ts';
import type { JsonObject } from './json.ts';
import { mergePatch } from './merge-patch.ts';
import { nameOf } from './name-of.ts';
import { type PatchLatestOptions, patchLatest } from './patch-latest.ts';
import {
  type ListMerge,
  MergeConflict,
  mergeConditions,
  mergeFinalizers,
  mergeOwners,
  threeWayPatch,
  touchesLists,
} from './three-way.ts';

export interface ObjectPatcherOptions {
  /** Condition types that nobody else writes: ours win. Of other types a change by another writer is a conflict. */
  ownedConditions?: readonly string[];
}

/** The part of an object that one request writes. */
type Part = (object: KubeObject) => JsonObject;

/**
 * Writes what a reconciler changed, and nothing else. Made when the reconcile begins; the reconciler changes `object`
 * as it likes; `patch` sends the difference: metadata and spec first, then status, nothing when there is no difference.
 * Finalizers, owners and conditions of others stay, whoever wrote when.
 */
export class ObjectPatcher<T extends KubeObject> {
  /** The working copy. Change this; the object given to the constructor (from a cache perhaps) is left alone. */
  readonly object: T;
  readonly #client: Client;
  readonly #resource: Resource<T>;
  readonly #merges: Readonly<Record<string, ListMerge>>;
  /** What `object` was when it was last written: everything else in it is a change of ours. */
  #before: T;
  /** The newest state that the server told us. */
  #latest: T;

  constructor(client: Client, resource: Resource<T>, object: T, options: ObjectPatcherOptions = {}) {
    this.#client = client;
    this.#resource = resource;
    this.#before = structuredClone(object);
    this.#latest = this.#before;
    this.object = structuredClone(object);
    this.#merges = {
      'metadata.finalizers': mergeFinalizers,
      'metadata.ownerReferences': mergeOwners,
      'status.conditions': mergeConditions(options.ownedConditions ?? []),
    };
  }

  /** True when there is something to write. */
  get changed(): boolean {
    return [mainPart, statusPart].some((part) => mergePatch(part(this.#before), part(this.object)) !== undefined);
  }

  /**
   * Sends what changed since the last call.
   * @returns the newest state the server told about
   * @throws KubeError Conflict when another writer changed the same list or condition: reconcile again
   */
  async patch(options: Omit<PatchLatestOptions, 'subresource'> = {}): Promise<T> {
    await this.#patch(mainPart, options);
    // With its last finalizer the object went, and its status with it.
    if (!isGone(this.#latest)) await this.#patch(statusPart, { ...options, subresource: 'status' });
    return this.#latest;
  }

  async #patch(part: Part, options: PatchLatestOptions): Promise<void> {
    const [before, after] = [part(this.#before), part(this.object)];
    const patch = mergePatch(before, after);
    if (patch === undefined) return;
    this.#latest = touchesLists(patch, before)
      ? await this.#patchLists(part, before, after, options)
      : await this.#patchFields(patch, options);
    const written = structuredClone(this.object) as T & JsonObject;
    this.#before = part === mainPart ? withStatusOf(written, this.#before) : written;
    const { resourceVersion } = this.#latest.metadata;
    if (resourceVersion !== undefined) this.object.metadata.resourceVersion = resourceVersion;
  }

  /** Fields merge by themselves; the uid keeps the patch from an object that only has the same name. */
  #patchFields(patch: JsonObject, options: PatchLatestOptions): Promise<T> {
    const { uid } = this.#before.metadata;
    const { maxConflicts: _, ...write } = options;
    const guarded = uid === undefined ? patch : { ...patch, metadata: { ...(patch['metadata'] as object), uid } };
    return this.#client.mergePatch(this.#resource, nameOf(this.object), guarded, write);
  }

  async #patchLists(part: Part, before: JsonObject, after: JsonObject, options: PatchLatestOptions): Promise<T> {
    const compute = (latest: T) => threeWayPatch(before, after, part(latest), this.#merges);
    try {
      return await patchLatest(this.#client, this.#resource, this.#latest, compute, options);
    } catch (error) {
      if (!(error instanceof MergeConflict)) throw error;
      const action = `patch ${resourceName(this.#resource)} ${keyOf(this.object.metadata)}`;
      throw new KubeError(action, { kind: 'Status', code: 409, reason: 'Conflict', message: error.message });
    }
  }
}

/** Everything but status; of metadata only what clients write. */
function mainPart(object: KubeObject): JsonObject {
  const {
    apiVersion: _apiVersion,
    kind: _kind,
    metadata,
    status: _status,
    ...fields
  } = object as KubeObject & JsonObject;
  const { labels, annotations, finalizers, ownerReferences } = metadata;
  return { ...fields, metadata: { labels, annotations, finalizers, ownerReferences } };
}

function statusPart(object: KubeObject): JsonObject {
  return { status: (object as KubeObject & JsonObject)['status'] };
}

function withStatusOf<T extends KubeObject>(object: T & JsonObject, other: KubeObject): T {
  const { status } = other as KubeObject & JsonObject;
  const { status: _, ...rest } = object;
  return (status === undefined ? rest : { ...rest, status }) as unknown as T;
}

function isGone({ metadata }: KubeObject): boolean {
  return metadata.deletionTimestamp !== undefined && (metadata.finalizers ?? []).length === 0;
}
