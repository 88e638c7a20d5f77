import { GoError } from '../../value/error.ts';
import { fn, operand, variadic } from '../../value/function.ts';
import { declaredType, indirect, zeroOperand } from '../../value/inspect.ts';
import { int } from '../../value/make.ts';
import { types } from '../../value/type.ts';
import {
  Boxed,
  GoInteger,
  GoMap,
  GoObject,
  GoPointer,
  GoSlice,
  type Operand,
  unbox,
  type Value,
} from '../../value/value.ts';

/** An index into something of a length; Go lets it be the length itself. */
function position(index: Value | undefined, capacity: number): number {
  if (index === undefined) throw new GoError('cannot index slice/array with nil');
  if (!(index instanceof GoInteger))
    throw new GoError(`cannot index slice/array with type ${declaredType(index).name}`);
  if (index.value < 0n || index.value > BigInt(capacity)) throw new GoError(`index out of range: ${index.value}`);
  return Number(index.value);
}

function elementAt(item: GoSlice | string, index: Value | undefined): Operand {
  const length = typeof item === 'string' ? item.length : item.items.length;
  const at = position(index, length);
  if (at < length)
    return typeof item === 'string' ? new GoInteger(BigInt(item.charCodeAt(at)), types.uint8) : item.at(at);
  const what = typeof item === 'string' ? 'string' : 'slice';
  throw new GoError(`reflect: ${what} index out of range`);
}

function entryAt(map: GoMap, index: Value | undefined): Operand {
  if (index === undefined) throw new GoError('value is nil; should be of type string');
  if (typeof index !== 'string') throw new GoError(`value has type ${declaredType(index).name}; should be string`);
  return map.get(index) ?? zeroOperand(map.type.elem ?? types.any);
}

function indexOne(item: Operand, key: Operand): Operand {
  const { value, isNil } = indirect(item);
  if (isNil) throw new GoError('index of nil pointer');
  const index = unbox(key);
  if (value instanceof GoSlice || typeof value === 'string') return elementAt(value, index);
  if (value instanceof GoMap) return entryAt(value, index);
  throw new GoError(`can't index item of type ${typeName(value)}`);
}

function typeName(operand: Operand): string {
  if (operand === undefined) return '<nil>';
  // Library types that are pointers have been looked through by the time their name is needed.
  return declaredType(operand).name.replace(/^\*/, operand instanceof GoObject ? '' : '*');
}

const index = variadic([operand], operand, (_call, keys, first) => {
  let item: Operand = unbox(first);
  if (item === undefined) throw new GoError('index of untyped nil');
  for (const key of keys) item = indexOne(item, key);
  return item;
});

const slice = variadic([operand], operand, (_call, bounds, first) => {
  const opened = unbox(first);
  if (opened === undefined) throw new GoError('slice of untyped nil');
  const { value: item, isNil } = indirect(opened);
  if (isNil) throw new GoError('slice of nil pointer');
  if (bounds.length > 3) throw new GoError(`too many slice indexes: ${bounds.length}`);
  if (typeof item === 'string' && bounds.length === 3) throw new GoError('cannot 3-index slice a string');
  if (typeof item !== 'string' && !(item instanceof GoSlice)) {
    throw new GoError(`can't slice item of type ${typeName(item)}`);
  }
  const capacity = typeof item === 'string' ? item.length : item.capacity;
  const length = typeof item === 'string' ? item.length : item.items.length;
  const [start = 0, end = length, max = end] = bounds.map((bound) => position(unbox(bound), capacity));
  if (start > end) throw new GoError(`invalid slice index: ${start} > ${end}`);
  if (end > max) throw new GoError(`invalid slice index: ${end} > ${max}`);
  return item.slice(start, end);
});

const len = fn([operand], (_call, item) => {
  const { value, isNil } = indirect(item);
  if (isNil || value instanceof Boxed || value instanceof GoPointer) throw new GoError('len of nil pointer');
  if (value === undefined) throw new GoError('reflect: call of reflect.Value.Type on zero Value');
  if (typeof value === 'string') return int(value.length);
  if (value instanceof GoSlice) return int(value.items.length);
  if (value instanceof GoMap) return int(value.entries.size);
  throw new GoError(`len of type ${typeName(value)}`);
});

export const collections = { index, slice, len };
