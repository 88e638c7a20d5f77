import type { Condition } from '../../api/meta/condition.ts';
import type { OwnerReference } from '../../api/meta/object.ts';
import { getCondition, putCondition, removeCondition, sameState } from './conditions.ts';
import { equalJson, isJsonObject, type JsonObject, member } from './json.ts';
import { applyMergePatch, mergePatch } from './merge-patch.ts';
import { refersTo, withOwner, withoutOwner } from './owner-references.ts';

/** Somebody else changed the same thing in another way. */
export class MergeConflict extends Error {
  override readonly name = 'MergeConflict';
}

/** How one list, named by its path, takes our changes (before → after) when it is `latest` by now. */
export type ListMerge = (before: unknown, after: unknown, latest: unknown) => unknown;

/**
 * The merge patch that brings what changed from `before` to `after` into `latest`. Merge patches replace lists, so
 * every list that changed is merged by its own rule, or must still be what it was before.
 * @throws MergeConflict
 */
export function threeWayPatch(
  before: JsonObject,
  after: JsonObject,
  latest: JsonObject,
  merges: Readonly<Record<string, ListMerge>>,
): JsonObject | undefined {
  const patch = mergePatch(before, after);
  if (patch === undefined) return undefined;
  let desired = applyMergePatch(latest, patch);
  for (const path of listsIn(patch, before)) {
    const name = path.join('.');
    const merge = Object.hasOwn(merges, name) ? merges[name] : undefined;
    const merged = (merge ?? unchanged(name))(at(before, path), at(after, path), at(latest, path));
    desired = applyMergePatch(desired, nested(path, merged ?? null));
  }
  return mergePatch(latest, desired as JsonObject);
}

/** True when a patch of `before` touches a list, and so could lose what others put there. */
export function touchesLists(patch: JsonObject, before: JsonObject): boolean {
  return listsIn(patch, before).length > 0;
}

export function mergeFinalizers(before: unknown, after: unknown, latest: unknown): string[] {
  const [from, to, now] = [before, after, latest].map((list) => (list ?? []) as string[]) as [
    string[],
    string[],
    string[],
  ];
  const kept = now.filter((entry) => to.includes(entry) || !from.includes(entry));
  const added = to.filter((entry) => !from.includes(entry) && !now.includes(entry));
  return [...kept, ...added];
}

export function mergeOwners(before: unknown, after: unknown, latest: unknown): OwnerReference[] {
  const from = (before ?? []) as OwnerReference[];
  const to = (after ?? []) as OwnerReference[];
  let merged = (latest ?? []) as OwnerReference[];
  for (const owner of from) {
    if (!to.some((entry) => refersTo(entry, identityOf(owner)))) merged = withoutOwner(merged, identityOf(owner));
  }
  for (const owner of to) {
    if (!from.some((entry) => equalJson(entry, owner))) merged = withOwner(merged, owner);
  }
  return merged;
}

/** Conditions in `owned` are ours alone, whatever is there; of the others nothing is overwritten that another changed. */
export function mergeConditions(owned: readonly string[]): ListMerge {
  return (before, after, latest) => {
    const from = (before ?? []) as Condition[];
    const to = (after ?? []) as Condition[];
    let merged = (latest ?? []) as Condition[];
    for (const type of new Set([...from, ...to].map((condition) => condition.type))) {
      const [old, wanted, current] = [from, to, merged].map((list) => getCondition(list, type));
      if (equalJson(old, wanted) || sameState(current, wanted)) continue;
      if (!owned.includes(type) && !sameState(current, old)) {
        throw new MergeConflict(`condition ${type} was changed by another writer`);
      }
      merged = wanted === undefined ? removeCondition(merged, type) : putCondition(merged, inPlaceOf(current, wanted));
    }
    return merged;
  };
}

/** What is the same status to everybody has not made a transition just because we say it again. */
function inPlaceOf(current: Condition | undefined, wanted: Condition): Condition {
  return current?.status === wanted.status ? { ...wanted, lastTransitionTime: current.lastTransitionTime } : wanted;
}

function unchanged(name: string): ListMerge {
  return (before, after, latest) => {
    if (equalJson(latest, before) || equalJson(latest, after)) return after;
    throw new MergeConflict(`${name} was changed by another writer`);
  };
}

/** The paths of all lists that `patch` replaces or removes. */
function listsIn(patch: JsonObject, before: unknown, path: readonly string[] = []): string[][] {
  return Object.entries(patch).flatMap(([key, value]) => {
    const old = isJsonObject(before) ? member(before, key) : undefined;
    const here = [...path, key];
    if (Array.isArray(value) || Array.isArray(old)) return [here];
    if (isJsonObject(value)) return listsIn(value, old, here);
    // A whole branch that goes takes its lists along.
    return value === null && isJsonObject(old) ? listsIn(removalOf(old), old, here) : [];
  });
}

function removalOf(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.keys(object).map((key) => [key, null]));
}

function at(object: unknown, path: readonly string[]): unknown {
  return path.reduce((value: unknown, key) => (isJsonObject(value) ? member(value, key) : undefined), object);
}

function nested(path: readonly string[], value: unknown): unknown {
  return path.reduceRight((inner: unknown, key) => Object.fromEntries([[key, inner]]), value);
}

function identityOf({ apiVersion, kind, name }: OwnerReference) {
  return { apiVersion, kind, name };
}
