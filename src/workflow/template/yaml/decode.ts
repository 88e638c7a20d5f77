import { formatFloat } from '../format/float.ts';
import { GoError } from '../value/error.ts';
import type { Meter } from '../value/meter.ts';
import { type Any, GoMap, GoSlice } from '../value/value.ts';
import type { YamlMapping, YamlNode } from './node.ts';
import { parseYaml } from './parse.ts';
import { type Resolved, resolveScalar } from './resolve.ts';

/** Decodes YAML into the values that JSON of the same meaning would decode into. */
export function decodeYaml(meter: Meter, text: string): Any {
  meter.grow(2 * text.length);
  const node = parse(text);
  return node === undefined ? null : decode(meter, node, 0);
}

function parse(text: string): YamlNode | undefined {
  try {
    return parseYaml(text);
  } catch (error) {
    throw error instanceof GoError ? new GoError(`error converting YAML to JSON: ${error.message}`) : error;
  }
}

function decode(meter: Meter, node: YamlNode, depth: number): Any {
  meter.step();
  meter.descend(depth);
  switch (node.kind) {
    case 'scalar':
      return decodeScalar(meter, resolveScalar(node));
    case 'sequence':
      return new GoSlice(node.items.map((item) => decode(meter, item, depth + 1)));
    default: {
      const map = new GoMap();
      fill(meter, map, node, depth);
      return map;
    }
  }
}

function decodeScalar(meter: Meter, value: Resolved): Any {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new GoError(`error converting YAML to JSON: json: unsupported value: ${formatFloat(value, 'g', -1)}`);
  }
  if (typeof value === 'string') meter.grow(value.length);
  return value;
}

/** Fills a map; of keys that are there twice the later one wins, of merged ones those that are there already. */
function fill(meter: Meter, map: GoMap, node: YamlMapping, depth: number): void {
  for (const [key, value] of node.entries) {
    meter.step();
    if (key.kind === 'scalar' && key.value === '<<' && (key.isPlain || key.tag === '!!merge')) {
      mergeInto(meter, map, value, depth + 1);
    } else map.entries.set(keyOf(key), decode(meter, value, depth + 1));
  }
}

function mergeInto(meter: Meter, map: GoMap, node: YamlNode, depth: number): void {
  meter.descend(depth);
  // Of several maps the first ones count most: they are filled in last.
  const sources = node.kind === 'sequence' ? node.items.toReversed() : [node];
  for (const source of sources) {
    if (source.kind !== 'mapping') {
      throw new GoError('error converting YAML to JSON: yaml: map merge requires map or sequence of maps as the value');
    }
    fill(meter, map, source, depth);
  }
}

function keyOf(node: YamlNode): string {
  const key = node.kind === 'scalar' ? resolveScalar(node) : undefined;
  switch (typeof key) {
    case 'string':
      return key;
    case 'bigint':
      if (key !== BigInt.asIntN(64, key)) {
        throw new GoError('error converting YAML to JSON: unsupported map key of type: uint64');
      }
      return key.toString();
    case 'boolean':
      return key.toString();
    case 'number':
      return Number.isFinite(key)
        ? formatFloat(Math.fround(key), 'g', -1)
        : Number.isNaN(key)
          ? '.nan'
          : key > 0
            ? '.inf'
            : '-.inf';
    default:
      throw new GoError(
        node.kind === 'scalar'
          ? 'error converting YAML to JSON: unsupported map key of type: %!s(<nil>)'
          : 'error converting YAML to JSON: yaml: invalid map key',
      );
  }
}
