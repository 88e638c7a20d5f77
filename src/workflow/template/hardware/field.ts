import { bytesOf } from '../value/bytes.ts';
import { zeroOf } from '../value/inspect.ts';
import { type GoField, GoType, pointerTo, sliceOf, stringSlice, types } from '../value/type.ts';
import { type Any, GoInteger, GoMap, GoPointer, GoSlice, GoStruct, type Value } from '../value/value.ts';

/** What a field is, short: the JSON key and the type. A key that ends in `!` is written even when the field is zero. */
export type FieldSpec = readonly [key: string, type: GoType];

export const text = types.string;
export const flag = types.bool;
export const int64 = types.int64;
export const texts = stringSlice;
export const optional = pointerTo;
export const list = sliceOf;

/** A struct type of the original's API package, its fields in their order there. */
export function struct(name: string, fields: Readonly<Record<string, FieldSpec>>): GoType {
  const resolved: GoField[] = Object.entries(fields).map(([field, [key, type]]) => ({
    name: field,
    type,
    json: key.replace(/!$/, ''),
    omitEmpty: !key.endsWith('!'),
  }));
  return new GoType('struct', name, { fields: () => resolved });
}

/**
 * A JSON value as a value of a Go type, the way `encoding/json` decodes: what is absent is zero, pointers that are absent
 * are nil. What has another type than it should counts as absent; the API server lets no such thing in.
 */
export function typed(type: GoType, json: unknown): Value {
  return decode(type, json) ?? zero(type);
}

function zero(type: GoType): Value {
  const value: Any = zeroOf(type);
  if (value === null) throw new Error(`${type.name} has no zero value of its own`);
  return value;
}

function decode(type: GoType, json: unknown): Value | undefined {
  if (json === undefined || json === null) return undefined;
  switch (type.kind) {
    case 'string':
      return typeof json === 'string' ? bytesOf(json) : undefined;
    case 'bool':
      return typeof json === 'boolean' ? json : undefined;
    case 'int64':
      return Number.isSafeInteger(json) ? new GoInteger(BigInt(Number(json)), type) : undefined;
    case 'ptr':
      return type.elem === undefined ? undefined : new GoPointer(type, typed(type.elem, json));
    case 'slice':
      return Array.isArray(json) ? decodeList(type, json) : undefined;
    case 'map':
      return typeof json === 'object' ? decodeMap(type, json as Readonly<Record<string, unknown>>) : undefined;
    default:
      return typeof json === 'object' ? decodeStruct(type, json as Readonly<Record<string, unknown>>) : undefined;
  }
}

function decodeList(type: GoType, json: readonly unknown[]): GoSlice {
  const { elem } = type;
  return new GoSlice(elem === undefined ? [] : json.map((item) => typed(elem, item)), type);
}

function decodeMap(type: GoType, json: Readonly<Record<string, unknown>>): GoMap {
  const { elem } = type;
  const entries =
    elem === undefined ? [] : Object.entries(json).map(([key, item]) => [bytesOf(key), typed(elem, item)] as const);
  return new GoMap(new Map(entries), type);
}

function decodeStruct(type: GoType, json: Readonly<Record<string, unknown>>): GoStruct {
  const fields = [...type.fields.values()].map((field): [string, Any] => {
    const value = Object.hasOwn(json, field.json) ? json[field.json] : undefined;
    return [field.name, typed(field.type, value)];
  });
  return new GoStruct(type, new Map(fields));
}
