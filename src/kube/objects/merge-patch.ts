import { equalJson, isJsonObject, type JsonObject, member, memberNames } from './json.ts';

/**
 * The JSON merge patch (RFC 7386) that makes `after` of `before`, with the changed members only; `undefined` when they
 * are equal. Arrays are replaced as a whole. The format cannot say `null`: a member that is `null` (or `undefined`) in
 * `after` counts as absent, and is removed.
 */
export function mergePatch(before: object, after: object): JsonObject | undefined {
  const changes: [string, unknown][] = [];
  const [from, to] = [before as JsonObject, after as JsonObject];
  for (const key of memberNames(from, to)) {
    const change = changeOf(member(from, key) ?? undefined, member(to, key) ?? undefined);
    if (change !== undefined) changes.push([key, change]);
  }
  // Unlike an assignment, `fromEntries` makes a member of every name, `__proto__` too.
  return changes.length === 0 ? undefined : Object.fromEntries(changes);
}

/** What the server makes of `target` when it gets `patch` (RFC 7386 §2); neither is changed. */
export function applyMergePatch(target: unknown, patch: unknown): unknown {
  if (!isJsonObject(patch)) return patch;
  const members = new Map(Object.entries(isJsonObject(target) ? target : {}));
  for (const [key, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    if (value === null) members.delete(key);
    else members.set(key, applyMergePatch(members.get(key), value));
  }
  return Object.fromEntries(members);
}

function changeOf(before: unknown, after: unknown): unknown {
  if (after === undefined) return before === undefined ? undefined : null;
  if (!isJsonObject(after)) return equalJson(before, after) ? undefined : after;
  if (isJsonObject(before)) return mergePatch(before, after);
  // An empty object that replaces nothing, or something else, is a change even though it has no member.
  return mergePatch({}, after) ?? {};
}
