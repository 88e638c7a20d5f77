import type { Param } from './function.ts';
import { anyMap, anySlice, type GoType, types } from './type.ts';
import { GoInteger, GoMap, GoSlice, type Operand, unbox, type Value } from './value.ts';

function param<T>(type: GoType, open: (value: Value | undefined) => T): Param<T> {
  return { type, open: (operand: Operand) => open(unbox(operand)) };
}

/** Evaluation has checked the type before a function is called; this only says so to the compiler. */
function unexpected(type: GoType): never {
  throw new Error(`a ${type.name} was promised`);
}

export const string = param(types.string, (value) => (typeof value === 'string' ? value : unexpected(types.string)));
export const bool = param(types.bool, (value) => (typeof value === 'boolean' ? value : unexpected(types.bool)));
export const float64 = param(types.float64, (value) => (typeof value === 'number' ? value : unexpected(types.float64)));
/** An `int` for functions that cannot tell numbers beyond 2^53 apart: those lose their last digits. */
export const int = param(types.int, (value) =>
  value instanceof GoInteger ? Number(value.value) : unexpected(types.int),
);
/** An `int` with all its digits, where what overflows shows. */
export const wholeInt = param(types.int, (value) => (value instanceof GoInteger ? value.value : unexpected(types.int)));
export const uint32 = param(types.uint32, (value) =>
  value instanceof GoInteger ? Number(value.value) : unexpected(types.uint32),
);
/** A `map[string]interface{}`, the kind of dict that sprig knows. */
export const dict = param(anyMap, (value) => (value instanceof GoMap ? value : unexpected(anyMap)));
/** A `[]interface{}`. */
export const list = param(anySlice, (value) => (value instanceof GoSlice ? value : unexpected(anySlice)));

/** A parameter of a type of a library. */
export function instance<T extends Value>(type: GoType, check: (value: Value | undefined) => value is T): Param<T> {
  return param(type, (value) => (check(value) ? value : unexpected(type)));
}
