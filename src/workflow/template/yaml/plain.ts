import { formatFloat } from '../format/float.ts';
import { decodeJson } from '../json/decode.ts';
import { isAscii } from '../value/bytes.ts';
import { GoError } from '../value/error.ts';
import { isZero } from '../value/inspect.ts';
import type { Meter } from '../value/meter.ts';
import { mapRunes, runesOf } from '../value/runes.ts';
import {
  type Any,
  GoComplex,
  GoInteger,
  GoMap,
  GoObject,
  GoPointer,
  GoSlice,
  type GoStruct,
  type Value,
} from '../value/value.ts';

/** What is left of a value in JSON. */
export type Plain = string | number | bigint | boolean | null | Plain[] | Map<string, Plain>;

/** A value without its Go types, as if it had been written to JSON and read again, but for the size of integers. */
export function plainOf(meter: Meter, value: Any, depth = 0): Plain {
  meter.step();
  meter.descend(depth);
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'string') {
    meter.grow(value.length);
    return throughYaml(mapRunes(value, (code) => code));
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value))
      throw new GoError(`error marshaling into JSON: json: unsupported value: ${formatFloat(value, 'g', -1)}`);
    return value;
  }
  return plainObject(meter, value, depth + 1);
}

/** The original writes JSON, and reads that as YAML: which refuses some characters and takes one for a line break. */
function throughYaml(text: string): string {
  if (isAscii(text) && !text.includes('\x7f')) return text;
  if (runesOf(text).some(isForbidden)) throw new GoError('yaml: control characters are not allowed');
  return text.replace(/[ \t]*(?:\xc2\x85[ \t]*)+/g, (run) => '\n'.repeat(run.split('\x85').length - 2) || ' ');
}

function isForbidden(code: number): boolean {
  return (code >= 0x7f && code < 0xa0 && code !== 0x85) || code === 0xfffe || code === 0xffff;
}

function plainObject(meter: Meter, value: Value & object, depth: number): Plain {
  if (value instanceof GoInteger) return value.value;
  if (value instanceof GoPointer) return plainOf(meter, value.target, depth);
  if (value instanceof GoComplex) throw new GoError('error marshaling into JSON: json: unsupported type: complex128');
  if (value instanceof GoObject) return plainOf(meter, decodeJson(meter, value.methods.json(value.native)), depth);
  if (value instanceof GoSlice) return value.isNil ? null : value.items.map((item) => plainOf(meter, item, depth));
  if (value instanceof GoMap) {
    if (value.isNil) return null;
    return new Map([...value.entries].map(([key, inner]) => [throughYaml(key), plainOf(meter, inner, depth)]));
  }
  return plainStruct(meter, value, depth);
}

function plainStruct(meter: Meter, { type, fields }: GoStruct, depth: number): Plain {
  const plain = new Map<string, Plain>();
  for (const { name, json, omitEmpty } of type.fields.values()) {
    const field = fields.get(name) ?? null;
    if (field !== null && !(omitEmpty && isZero(field))) plain.set(json, plainOf(meter, field, depth));
  }
  return plain;
}
