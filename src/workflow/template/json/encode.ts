import { formatFloat } from '../format/float.ts';
import { GoError } from '../value/error.ts';
import { isZero, typeOf } from '../value/inspect.ts';
import type { Meter } from '../value/meter.ts';
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
import { encodeJsonString } from './string.ts';

/** Encodes a value as `encoding/json` does, keys sorted; `html` escapes `<`, `>` and `&`. */
export function encodeJson(meter: Meter, value: Any, html = true): string {
  return encode({ meter, html, depth: 0 }, value);
}

interface Context {
  readonly meter: Meter;
  readonly html: boolean;
  readonly depth: number;
}

function encode(context: Context, value: Any): string {
  const { meter, html, depth } = context;
  meter.step();
  meter.descend(depth);
  if (value === null) return 'null';
  switch (typeof value) {
    case 'string':
      meter.grow(value.length + 2);
      return encodeJsonString(value, html);
    case 'number':
      return encodeNumber(value);
    case 'boolean':
      return String(value);
    default:
      return encodeObject({ ...context, depth: depth + 1 }, value);
  }
}

function encodeObject(context: Context, value: Value & object): string {
  if (value instanceof GoInteger) return value.value.toString();
  if (value instanceof GoMap) {
    if (value.isNil) return 'null';
    return members(
      context,
      value.sortedKeys().map((key) => [key, value.entries.get(key) ?? null]),
    );
  }
  if (value instanceof GoSlice) {
    return value.isNil ? 'null' : `[${value.items.map((item) => encode(context, item)).join(',')}]`;
  }
  if (value instanceof GoPointer) return encode(context, value.target);
  if (value instanceof GoObject) return value.methods.json(value.native);
  if (value instanceof GoComplex) throw new GoError(`json: unsupported type: ${typeOf(value).name}`);
  return encodeStruct(context, value);
}

function encodeStruct(context: Context, { type, fields }: GoStruct): string {
  const shown: [string, Any][] = [];
  for (const { name, json, omitEmpty } of type.fields.values()) {
    const value = fields.get(name) ?? null;
    const isEmpty = value === null || (omitEmpty && isZero(value));
    if (!isEmpty) shown.push([json, value]);
  }
  return members(context, shown);
}

function members(context: Context, entries: readonly (readonly [string, Any])[]): string {
  const parts = entries.map(([key, value]) => {
    context.meter.grow(key.length + 4);
    return `${encodeJsonString(key, context.html)}:${encode(context, value)}`;
  });
  return `{${parts.join(',')}}`;
}

function encodeNumber(value: number): string {
  if (!Number.isFinite(value)) throw new GoError(`json: unsupported value: ${formatFloat(value, 'g', -1)}`);
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-6 && size < 1e21)) return formatFloat(value, 'f', -1);
  // A single digit of a negative exponent stands alone: e-9, not e-09.
  return formatFloat(value, 'e', -1).replace(/e-0(\d)$/, 'e-$1');
}

/** JSON with every element on a line of its own, as `json.MarshalIndent` sets it. */
export function indentJson(meter: Meter, json: string, step: string): string {
  let indented = '';
  let depth = 0;
  const newline = () => {
    meter.grow(1 + depth * step.length);
    return `\n${step.repeat(depth)}`;
  };
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|[[{][\]}]?|[\]}]|[,:]|[^[\]{},:"]+/gs)) {
    meter.grow(token.length);
    if (token === '[' || token === '{') {
      depth++;
      indented += token + newline();
    } else if (token === ']' || token === '}') {
      depth--;
      indented += newline() + token;
    } else if (token === ',') indented += token + newline();
    else indented += token === ':' ? ': ' : token;
  }
  return indented;
}
