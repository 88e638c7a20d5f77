import { textOf } from '../value/bytes.ts';
import { isNullNode, type YamlMapping, type YamlNode, type YamlScalar } from '../yaml/node.ts';
import { keyPlace, type Place, type Problems } from './problems.ts';

/** How many nodes a template may have once all aliases are followed: some more than fit into a rendered text. */
const mostNodes = 200_000;

/** Maps that are merged into maps that are merged … beyond this are no template a person wrote. */
const deepestMerge = 50;

/** Counts the nodes that are read, so that aliases of aliases cannot make an endless document of a small one. */
export class NodeBudget {
  #left = mostNodes;
  #reported = false;

  /** False when too many have been read; the first time that is a problem of its own. */
  take(problems: Problems, place: Place, line: number): boolean {
    if (--this.#left >= 0) return true;
    if (!this.#reported) problems.add(place, line, 'has too many aliases', 'write out what the aliases stand for');
    this.#reported = true;
    return false;
  }
}

/** Reads the entries of one map of the document. */
export class MappingReader {
  readonly #place: Place;
  readonly #problems: Problems;
  readonly #budget: NodeBudget;

  constructor(place: Place, problems: Problems, budget: NodeBudget) {
    this.#place = place;
    this.#problems = problems;
    this.#budget = budget;
  }

  /** The entries by key, merged ones included: these never replace what is there. A key that is there twice is a problem. */
  entries({ entries: pairs }: YamlMapping, depth = 0): Map<string, YamlNode> {
    const entries = new Map<string, YamlNode>();
    const lines = new Map<string, number>();
    const merged: YamlNode[] = [];
    for (const [key, value] of pairs) {
      if (!this.#budget.take(this.#problems, this.#place, key.line)) break;
      if (key.kind !== 'scalar') {
        this.#problems.add(this.#place, key.line, 'has a key that is no text', 'write a plain word before the colon');
      } else if (key.value === '<<' && key.isPlain) {
        merged.push(...(value.kind === 'sequence' ? value.items : [value]));
      } else if (this.#isNew(key, lines)) entries.set(key.value, value);
    }
    for (const source of merged) {
      for (const [key, value] of this.#merged(source, depth)) if (!entries.has(key)) entries.set(key, value);
    }
    return entries;
  }

  #isNew(key: YamlScalar, lines: Map<string, number>): boolean {
    // As in the original: a key that is null is no key.
    if (isNullNode(key)) return false;
    const first = lines.get(key.value);
    if (first === undefined) {
      lines.set(key.value, key.line);
      return true;
    }
    const place = keyPlace(this.#place, textOf(key.value));
    this.#problems.add(place, key.line, `is there twice, first on line ${first}`, 'keep one of them');
    return false;
  }

  #merged(source: YamlNode, depth: number): Map<string, YamlNode> {
    if (source.kind !== 'mapping') {
      this.#problems.add(this.#place, source.line, 'merges what is no map (<<)', 'merge a map, or a list of maps');
    } else if (depth >= deepestMerge) {
      this.#problems.add(this.#place, source.line, 'merges maps into maps too deeply', 'write out what is merged');
    } else return this.entries(source, depth + 1);
    return new Map();
  }
}
