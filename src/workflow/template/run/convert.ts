import { GoError } from '../value/error.ts';
import type { Param } from '../value/function.ts';
import { declaredType, typeOf, zeroOperand } from '../value/inspect.ts';
import { type GoType, types } from '../value/type.ts';
import { Boxed, GoPointer, type Operand, type Value } from '../value/value.ts';

/** An operand as an argument for a parameter, or an error that says which type was expected. */
export function convert(operand: Operand, { type }: Param<unknown>): Operand {
  if (type === undefined) return operand;
  if (operand === undefined) {
    if (type.isNillable) return zeroOperand(type);
    throw new GoError(`invalid value; expected ${type.name}`);
  }
  if (type === types.any || (!(operand instanceof Boxed) && typeOf(operand) === type)) return operand;
  const value = operand instanceof Boxed && operand.value !== null ? operand.value : operand;
  if (!(value instanceof Boxed)) {
    if (typeOf(value) === type) return value;
    if (value instanceof GoPointer && value.type.elem === type) return dereference(value, type);
  }
  throw new GoError(`wrong type for value; expected ${type.name}; got ${declaredType(value).name}`);
}

function dereference({ target }: GoPointer, type: GoType): Value {
  if (target === null) throw new GoError(`dereference of nil pointer of type ${type.name}`);
  return target;
}
