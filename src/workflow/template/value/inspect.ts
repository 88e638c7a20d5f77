import { type GoType, type Kind, types } from './type.ts';
import {
  type Any,
  Boxed,
  GoComplex,
  GoInteger,
  GoMap,
  GoPointer,
  GoSlice,
  GoStruct,
  type Operand,
  type Value,
} from './value.ts';

/** The Go type of a value. */
export function typeOf(value: Value): GoType {
  switch (typeof value) {
    case 'string':
      return types.string;
    case 'boolean':
      return types.bool;
    case 'number':
      return types.float64;
    default:
      return value instanceof GoComplex ? types.complex128 : value.type;
  }
}

/** The type as it is declared where the operand comes from: an element of a list of anything is an `interface {}`. */
export function declaredType(operand: Value | Boxed): GoType {
  return operand instanceof Boxed ? types.any : typeOf(operand);
}

/** `reflect.ValueOf(v).Kind()`. */
export function kindOf(value: Any): Kind | 'invalid' {
  return value === null ? 'invalid' : typeOf(value).kind;
}

/** What is behind pointers and interfaces, and whether that is nil. */
export function indirect(operand: Operand): { value: Operand; isNil: boolean } {
  let value = operand;
  for (;;) {
    if (value instanceof Boxed) {
      if (value.value === null) return { value, isNil: true };
      value = value.value;
    } else if (value instanceof GoPointer) {
      if (value.target === null) return { value, isNil: true };
      value = value.target;
    } else return { value, isNil: false };
  }
}

/** Go's idea of truth for `if`, `and`, `not`: not the zero value of its type. */
export function isTrue(value: Value | undefined): boolean {
  if (value === undefined) return false;
  if (value instanceof GoPointer) return value.target !== null;
  return value instanceof GoStruct || !isZero(value);
}

/** Sprig's `empty`. Structs are never empty, nil always is. */
export function isEmpty(value: Any): boolean {
  return !isTrue(value ?? undefined);
}

/** True for zero numbers, empty strings, lists and maps, nil pointers. Structs are not looked into. */
export function isZero(value: Value): boolean {
  if (typeof value === 'string') return value === '';
  if (typeof value === 'number') return value === 0;
  if (typeof value === 'boolean') return !value;
  if (value instanceof GoInteger) return value.value === 0n;
  if (value instanceof GoMap) return value.entries.size === 0;
  if (value instanceof GoSlice) return value.items.length === 0;
  if (value instanceof GoComplex) return value.real === 0 && value.imaginary === 0;
  return value instanceof GoPointer && value.target === null;
}

/** True for nil maps, slices, pointers and interfaces, and for no value. */
export function isNil(operand: Operand): boolean {
  if (operand === undefined) return true;
  if (operand instanceof Boxed) return operand.value === null;
  if (operand instanceof GoMap || operand instanceof GoSlice) return operand.isNil;
  return operand instanceof GoPointer && operand.target === null;
}

/** The zero value of a type; `null` for an interface. */
export function zeroOf(type: GoType): Any {
  switch (type.kind) {
    case 'string':
      return '';
    case 'bool':
      return false;
    case 'float64':
      return 0;
    case 'complex128':
      return new GoComplex(0, 0);
    case 'slice':
      return new GoSlice([], type, true);
    case 'map':
      return new GoMap(new Map(), type, true);
    case 'ptr':
      return new GoPointer(type, null);
    case 'struct':
      return new GoStruct(type, new Map([...type.fields.values()].map((field) => [field.name, zeroOf(field.type)])));
    case 'interface':
      return null;
    default:
      return new GoInteger(0n, type);
  }
}

/** A zero as an operand of its type. */
export function zeroOperand(type: GoType): Operand {
  const zero = zeroOf(type);
  return type.kind === 'interface' ? new Boxed(zero) : (zero ?? undefined);
}
