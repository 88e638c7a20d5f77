import { typeOf } from './inspect.ts';
import type { Meter } from './meter.ts';
import { type Any, GoComplex, GoInteger, GoMap, GoObject, GoPointer, GoSlice, GoStruct, type Value } from './value.ts';

/** `reflect.DeepEqual`: the same types all the way down, and nil only equal to nil. */
export function deepEqual(meter: Meter, a: Any, b: Any, depth = 0): boolean {
  meter.step();
  meter.descend(depth);
  if (a === null || b === null) return a === b;
  if (typeOf(a) !== typeOf(b)) return false;
  if (typeof a !== 'object' || typeof b !== 'object') return a === b;
  return equalObjects(meter, a, b, depth + 1);
}

function equalObjects(meter: Meter, a: Value & object, b: Value & object, depth: number): boolean {
  if (a instanceof GoInteger && b instanceof GoInteger) return a.value === b.value;
  if (a instanceof GoComplex && b instanceof GoComplex) return a.real === b.real && a.imaginary === b.imaginary;
  if (a instanceof GoSlice && b instanceof GoSlice) {
    if (a.isNil !== b.isNil || a.items.length !== b.items.length) return false;
    return a.items.every((item, i) => deepEqual(meter, item, b.items[i] ?? null, depth));
  }
  if (a instanceof GoMap && b instanceof GoMap) {
    if (a.isNil !== b.isNil || a.entries.size !== b.entries.size) return false;
    return equalEntries(meter, a.entries, b.entries, depth);
  }
  if (a instanceof GoStruct && b instanceof GoStruct) return equalEntries(meter, a.fields, b.fields, depth);
  if (a instanceof GoPointer && b instanceof GoPointer) return deepEqual(meter, a.target, b.target, depth);
  return a instanceof GoObject && b instanceof GoObject && a.methods.equal(a.native, b.native);
}

function equalEntries(meter: Meter, a: ReadonlyMap<string, Any>, b: ReadonlyMap<string, Any>, depth: number): boolean {
  for (const [key, value] of a) {
    const other = b.get(key);
    if (other === undefined || !deepEqual(meter, value, other, depth)) return false;
  }
  return true;
}
