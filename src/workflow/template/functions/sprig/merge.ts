import { isEmpty } from '../../value/inspect.ts';
import type { Meter } from '../../value/meter.ts';
import { type Any, GoMap, GoSlice } from '../../value/value.ts';

/**
 * Fills `target` with what it lacks from `source`, dicts in dicts too; with `overwrite` takes what `source` has. Values
 * are shared with the source afterwards, not copied, as in the original.
 */
export function merge(meter: Meter, target: GoMap, source: GoMap, overwrite: boolean, depth = 0): void {
  meter.descend(depth);
  for (const [key, value] of [...source.entries]) {
    meter.step();
    const present = target.entries.get(key);
    if (value === null) {
      if (overwrite) target.entries.set(key, null);
      continue;
    }
    if (value instanceof GoMap && present instanceof GoMap && !present.isNil) {
      merge(meter, present, value, overwrite, depth + 1);
    }
    if (takes(target, present, value, source, overwrite)) target.entries.set(key, value);
  }
}

function takes(target: GoMap, present: Any | undefined, value: Any, source: GoMap, overwrite: boolean): boolean {
  if (present === undefined || isEmpty(present)) return true;
  // A list takes the place of another one only when there is a reason to overwrite anything.
  if (value instanceof GoSlice) return source.entries.size > 0 && (overwrite || target.entries.size === 0);
  if (value instanceof GoMap && present instanceof GoMap) return false;
  return overwrite;
}
