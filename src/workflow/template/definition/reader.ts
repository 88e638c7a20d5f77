import { textOf } from '../value/bytes.ts';
import { isNullNode, type YamlNode, type YamlScalar } from '../yaml/node.ts';
import { resolveScalar } from '../yaml/resolve.ts';
import { MappingReader, NodeBudget } from './mapping.ts';
import { keyPlace, type Place, type Problems } from './problems.ts';

/** The keys of one map of the document, read one by one as the types they should have. */
export class Reader {
  readonly place: Place;
  readonly #entries: ReadonlyMap<string, YamlNode>;
  readonly #problems: Problems;
  readonly #budget: NodeBudget;

  constructor(node: YamlNode | undefined, place: Place, problems: Problems, budget = new NodeBudget()) {
    this.place = place;
    this.#problems = problems;
    this.#budget = budget;
    this.#entries = this.#map(node, place);
  }

  /** A text: any scalar, as it is written. Go reads `0644` and `yes` into texts without changing them. */
  text(key: string): string {
    const node = this.#entries.get(key);
    return node === undefined ? '' : (this.#textOf(node, keyPlace(this.place, key)) ?? '');
  }

  /** A whole number; of a number with a fraction the fraction is dropped, as in the original. */
  integer(key: string): number {
    const node = this.#entries.get(key);
    if (node === undefined) return 0;
    const value = node.kind === 'scalar' ? resolveScalar(node) : undefined;
    if (value === null) return 0;
    const number = typeof value === 'bigint' || typeof value === 'number' ? Math.trunc(Number(value)) : Number.NaN;
    if (Number.isSafeInteger(number)) return number;
    this.#problems.add(keyPlace(this.place, key), node.line, 'must be a whole number', 'write digits without quotes');
    return 0;
  }

  /** A list of texts; entries that are null are left out, as in the original. */
  texts(key: string): string[] {
    return this.nodes(key).flatMap((node, i) => {
      const text = this.#textOf(node, { ...this.place, path: `${keyPlace(this.place, key).path}[${i}]` });
      return text === undefined ? [] : [text];
    });
  }

  /** A map of texts. */
  textMap(key: string): Record<string, string> {
    const place = keyPlace(this.place, key);
    const entries = [...this.#map(this.#entries.get(key), place)].map(([name, node]): [string, string] => {
      const text = textOf(name);
      return [text, this.#textOf(node, keyPlace(place, text)) ?? ''];
    });
    return Object.fromEntries(entries);
  }

  /** The entries of a list. */
  nodes(key: string): readonly YamlNode[] {
    const node = this.#entries.get(key);
    if (node === undefined || isNullNode(node)) return [];
    if (node.kind === 'sequence')
      return node.items.filter((item) => this.#budget.take(this.#problems, this.place, item.line));
    this.#problems.add(
      keyPlace(this.place, key),
      node.line,
      'must be a list',
      'write its entries below it, each with a dash',
    );
    return [];
  }

  /** The map under a key, to be read in the same way. */
  map(key: string): Reader {
    return new Reader(this.#entries.get(key), keyPlace(this.place, key), this.#problems, this.#budget);
  }

  /** An entry of a list, to be read in the same way. */
  entry(node: YamlNode, place: Place): Reader {
    return new Reader(node, place, this.#problems, this.#budget);
  }

  #map(node: YamlNode | undefined, place: Place): ReadonlyMap<string, YamlNode> {
    if (node === undefined || isNullNode(node)) return new Map();
    if (node.kind === 'mapping') return new MappingReader(place, this.#problems, this.#budget).entries(node);
    this.#problems.add(place, node.line, 'must be a map', 'write keys and values below it');
    return new Map();
  }

  #textOf(node: YamlNode, place: Place): string | undefined {
    if (!this.#budget.take(this.#problems, place, node.line)) return undefined;
    if (node.kind === 'scalar') return isNullNode(node) ? undefined : textOf(scalarText(node));
    const fix = 'write it on one line, in quotes if it has special characters';
    this.#problems.add(place, node.line, `must be a text, but is a ${node.kind === 'mapping' ? 'map' : 'list'}`, fix);
    return undefined;
  }
}

function scalarText(node: YamlScalar): string {
  return node.tag === '!!binary' ? Buffer.from(node.value, 'base64').toString('latin1') : node.value;
}

/** What an entry of a list calls itself, before it has been read: problems in it are reported by that name. */
export function nameOf(node: YamlNode): string {
  if (node.kind !== 'mapping') return '';
  const found = node.entries.find(([key]) => key.kind === 'scalar' && key.value === 'name')?.[1];
  return found?.kind === 'scalar' ? found.value : '';
}
