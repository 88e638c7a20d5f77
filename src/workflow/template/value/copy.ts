import type { Meter } from './meter.ts';
import { type Any, GoMap, GoPointer, GoSlice, GoStruct, type Value } from './value.ts';

/** A copy that shares nothing that could change. */
export function deepCopy(meter: Meter, value: Any, depth = 0): Any {
  return value === null ? null : copyValue(meter, value, depth);
}

function copyValue(meter: Meter, value: Value, depth: number): Value {
  meter.step();
  meter.descend(depth);
  meter.grow(16);
  const copied = (inner: Any) => deepCopy(meter, inner, depth + 1);
  if (value instanceof GoMap) {
    return new GoMap(new Map([...value.entries].map(([key, inner]) => [key, copied(inner)])), value.type, value.isNil);
  }
  if (value instanceof GoSlice) return new GoSlice(value.items.map(copied), value.type, value.isNil);
  if (value instanceof GoStruct) {
    return new GoStruct(value.type, new Map([...value.fields].map(([name, inner]) => [name, copied(inner)])));
  }
  return value instanceof GoPointer ? new GoPointer(value.type, copied(value.target)) : value;
}
