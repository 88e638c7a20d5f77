import { Printer } from '../../format/printer.ts';
import { deepEqual } from '../../value/equal.ts';
import { GoError } from '../../value/error.ts';
import { type Call, fn, operand, variadic } from '../../value/function.ts';
import { isNil, typeOf } from '../../value/inspect.ts';
import {
  GoComplex,
  GoInteger,
  GoMap,
  GoPointer,
  GoSlice,
  GoStruct,
  type Operand,
  unbox,
  type Value,
} from '../../value/value.ts';

type BasicKind = 'bool' | 'int' | 'uint' | 'float' | 'complex' | 'string';

/** The coarse kind that decides whether two values can be compared; none for what has no order and no equality. */
function basicKind(value: Value | undefined): BasicKind | undefined {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'number':
      return 'float';
    case 'boolean':
      return 'bool';
    default:
      if (value instanceof GoInteger) return value.type.isSigned ? 'int' : 'uint';
      return value instanceof GoComplex ? 'complex' : undefined;
  }
}

const invalidType = 'invalid type for comparison';

function incompatible(a: Value, b: Value): GoError {
  return new GoError(`incompatible types for comparison: ${typeOf(a).name} and ${typeOf(b).name}`);
}

function equal(call: Call, a: Value | undefined, b: Value | undefined): boolean {
  if (a instanceof GoInteger && b instanceof GoInteger) return a.value === b.value;
  if (basicKind(a) !== basicKind(b)) {
    if (a !== undefined && b !== undefined) throw incompatible(a, b);
    return false;
  }
  if (basicKind(a) !== undefined) return a !== undefined && b !== undefined && deepEqual(call.meter, a, b);
  return equalCompound(call, a, b);
}

function equalCompound(call: Call, a: Value | undefined, b: Value | undefined): boolean {
  if (a !== undefined && b !== undefined && typeOf(a).kind !== typeOf(b).kind) {
    const left = new Printer(call.meter, 's').argument(a);
    const right = new Printer(call.meter, 'v').argument(b);
    throw new GoError(`non-comparable types ${left}: ${typeOf(a).name}, ${typeOf(b).name}: ${right}`);
  }
  if (isNil(a) || isNil(b)) return isNil(a) === isNil(b);
  if (a === undefined || b === undefined) return false;
  if (!isComparable(b)) {
    throw new GoError(`non-comparable type ${new Printer(call.meter, 's').argument(b)}: ${typeOf(b).name}`);
  }
  if (a instanceof GoPointer || b instanceof GoPointer) return a === b;
  return deepEqual(call.meter, a, b);
}

function isComparable(value: Value): boolean {
  if (value instanceof GoMap || value instanceof GoSlice) return false;
  if (!(value instanceof GoStruct)) return true;
  return [...value.type.fields.values()].every(({ type }) => type.kind !== 'map' && type.kind !== 'slice');
}

function less(first: Operand, second: Operand): boolean {
  const a = unbox(first);
  const b = unbox(second);
  const kinds = [basicKind(a), basicKind(b)];
  if (a === undefined || b === undefined || kinds.includes(undefined)) throw new GoError(invalidType);
  if (a instanceof GoInteger && b instanceof GoInteger) return a.value < b.value;
  if (kinds[0] !== kinds[1]) throw incompatible(a, b);
  if (typeof a === 'string' && typeof b === 'string') return a < b;
  if (typeof a === 'number' && typeof b === 'number') return a < b;
  throw new GoError(invalidType);
}

function anyEqual(call: Call, first: Operand, others: readonly Operand[]): boolean {
  if (others.length === 0) throw new GoError('missing argument for comparison');
  const a = unbox(first);
  return others.some((other) => equal(call, a, unbox(other)));
}

const lessOrEqual = (call: Call, a: Operand, b: Operand) => less(a, b) || anyEqual(call, a, [b]);

/** `eq` takes any number of values for its first to be equal to one of. */
export const comparisons = {
  eq: variadic([operand], operand, (call, others, first) => anyEqual(call, first, others)),
  ne: fn([operand, operand], (call, a, b) => !anyEqual(call, a, [b])),
  lt: fn([operand, operand], (_call, a, b) => less(a, b)),
  le: fn([operand, operand], lessOrEqual),
  gt: fn([operand, operand], (call, a, b) => !lessOrEqual(call, a, b)),
  ge: fn([operand, operand], (_call, a, b) => !less(a, b)),
};
