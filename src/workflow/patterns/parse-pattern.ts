import { parseJson } from '../template/json/parse.ts';
import { parseAlternative } from './alternative.ts';
import { type Alternative, maxPatternLength, type Pattern, type PatternFields, type PatternNode } from './pattern.ts';

/** A pattern, or everything that is wrong with its text: the field and the rule for each. */
export type ParsedPattern = { readonly pattern: Pattern } | { readonly problems: readonly string[] };

/** Reads the text of a pattern, which is JSON: an object of objects, with lists of alternatives as leaves. */
export function parsePattern(text: string): ParsedPattern {
  if (text.length > maxPatternLength) {
    return { problems: [`it has ${text.length} characters; a pattern has at most ${maxPatternLength}`] };
  }
  let json: unknown;
  try {
    json = parseJson(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { problems: [`it is no JSON: ${error.message}`] };
  }
  const reading: Reading = { problems: [], absent: [] };
  const root = isObject(json) ? readFields(json, [], reading) : new Map();
  if (!isObject(json)) reading.problems.push('it has to be an object of fields, as in {"name": ["value"]}');
  if (reading.problems.length > 0) return { problems: reading.problems };
  return { pattern: { root, absent: reading.absent } };
}

interface Reading {
  readonly problems: string[];
  readonly absent: (readonly string[])[];
}

function readFields(json: object, path: readonly string[], reading: Reading): PatternFields {
  const fields = new Map<string, PatternNode>();
  const entries = Object.entries(json);
  if (entries.length === 0) reading.problems.push(`${placeOf(path)}has to name a field: it would match everything`);
  for (const [key, value] of entries) {
    const node = readNode(value, [...path, key], reading);
    if (node !== undefined) fields.set(key, node);
  }
  return fields;
}

/** `undefined` when it says nothing but what must not be there, or something wrong. */
function readNode(json: unknown, path: readonly string[], reading: Reading): PatternNode | undefined {
  if (Array.isArray(json)) return readLeaf(json, path, reading);
  if (isObject(json)) {
    const fields = readFields(json, path, reading);
    return fields.size === 0 ? undefined : { kind: 'fields', fields };
  }
  reading.problems.push(`${placeOf(path)}has to be a list of values, as in ["value"]`);
  return undefined;
}

function readLeaf(json: readonly unknown[], path: readonly string[], reading: Reading): PatternNode | undefined {
  const alternatives: Alternative[] = [];
  for (const [index, item] of json.entries()) {
    const parsed = parseAlternative(item, json.length);
    if ('problem' in parsed) reading.problems.push(`${path.join('.')}[${index}] ${parsed.problem}`);
    else if ('absent' in parsed) {
      reading.absent.push(path);
      return undefined;
    } else alternatives.push(parsed.alternative);
  }
  // An empty list matches nothing, as in the original.
  return { kind: 'leaf', alternatives };
}

function placeOf(path: readonly string[]): string {
  return path.length === 0 ? 'it ' : `${path.join('.')} `;
}

function isObject(json: unknown): json is Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}
