import type { JsonPatchOperation } from '../client/options.ts';
import { equalJson, isJsonObject, type JsonObject, member, memberNames } from './json.ts';

/**
 * The JSON patch (RFC 6902) that makes `after` of `before`, empty when they are equal. Arrays are compared index by
 * index, in linear time: an insertion at the front rewrites what follows, a webhook is no place for a quadratic search.
 */
export function jsonPatch(before: object, after: object): JsonPatchOperation[] {
  const operations: JsonPatchOperation[] = [];
  compare(before, after, '', operations);
  return operations;
}

function compare(before: unknown, after: unknown, path: string, operations: JsonPatchOperation[]): void {
  if (isJsonObject(before) && isJsonObject(after)) compareObjects(before, after, path, operations);
  else if (Array.isArray(before) && Array.isArray(after)) compareArrays(before, after, path, operations);
  else if (!equalJson(before, after)) operations.push({ op: 'replace', path, value: after });
}

function compareObjects(before: JsonObject, after: JsonObject, path: string, operations: JsonPatchOperation[]): void {
  for (const key of memberNames(before, after)) {
    const [from, to] = [member(before, key), member(after, key)];
    const at = `${path}/${pointerSegment(key)}`;
    if (to === undefined) {
      if (from !== undefined) operations.push({ op: 'remove', path: at });
    } else if (from === undefined) {
      operations.push({ op: 'add', path: at, value: to });
    } else {
      compare(from, to, at, operations);
    }
  }
}

function compareArrays(before: unknown[], after: unknown[], path: string, operations: JsonPatchOperation[]): void {
  const common = Math.min(before.length, after.length);
  for (let index = 0; index < common; index++) compare(before[index], after[index], `${path}/${index}`, operations);
  // From the end, so that every index still means what it meant.
  for (let index = before.length - 1; index >= common; index--) {
    operations.push({ op: 'remove', path: `${path}/${index}` });
  }
  for (let index = common; index < after.length; index++) {
    operations.push({ op: 'add', path: `${path}/-`, value: after[index] });
  }
}

/** One segment of a JSON pointer (RFC 6901 §3). */
function pointerSegment(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
