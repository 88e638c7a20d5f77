import { quote } from '../format/quote.ts';
import { GoError } from '../value/error.ts';
import { declaredType, indirect } from '../value/inspect.ts';
import { types } from '../value/type.ts';
import { Boxed, GoMap, GoPointer, GoStruct, type Operand } from '../value/value.ts';

/** The field or entry `name` of a value that is no method. Everything missing is an error (`missingkey=error`). */
export function fieldOf(receiver: Operand, name: string, hasArguments: boolean): Operand {
  if (receiver === undefined) throw new GoError(`nil data; no entry for key ${quote(name)}`);
  const { value } = indirect(receiver);
  if (value instanceof GoMap) return entryOf(value, name, hasArguments);
  const type = declaredType(receiver).name;
  if (value instanceof GoStruct && value.fields.has(name)) {
    if (hasArguments) throw new GoError(`${name} has arguments but cannot be invoked as function`);
    const field = value.fields.get(name) ?? null;
    return value.type.fields.get(name)?.type === types.any ? new Boxed(field) : (field ?? undefined);
  }
  // What is still behind an interface or a pointer is nil. Of a struct that lacks the field, that is the worse fault.
  const isNilFault = value instanceof Boxed || (value instanceof GoPointer && couldHave(value, name));
  throw new GoError(
    isNilFault ? `nil pointer evaluating ${type}.${name}` : `can't evaluate field ${name} in type ${type}`,
  );
}

function entryOf(map: GoMap, name: string, hasArguments: boolean): Operand {
  if (hasArguments) throw new GoError(`${name} is not a method but has arguments`);
  const entry = map.get(name);
  if (entry === undefined) throw new GoError(`map has no entry for key ${quote(name)}`);
  return entry;
}

function couldHave({ type: { elem } }: GoPointer, name: string): boolean {
  return elem?.kind !== 'struct' || elem.fields.has(name);
}
