import { parseClass, parsePerlClass, parseUnicodeClass } from './class-parser.ts';
import { parseEscape } from './escape.ts';
import { folded } from './fold.ts';
import { Reader } from './reader.ts';
import { type Assertion, type CharSet, type Node, type ParsedRegexp, syntaxError } from './syntax.ts';

interface Flags {
  readonly fold: boolean;
  readonly multiLine: boolean;
  readonly dotAll: boolean;
  readonly ungreedy: boolean;
}

const flagOf: Readonly<Record<string, keyof Flags>> = { i: 'fold', m: 'multiLine', s: 'dotAll', U: 'ungreedy' };

/** Go allows a thousand; what is written by people has a handful. */
const deepest = 250;
const mostRepeats = 1000;

const escapedAssertions: ReadonlyMap<string, Assertion> = new Map([
  ['A', 'beginText'],
  ['z', 'endText'],
  ['b', 'wordBoundary'],
  ['B', 'noWordBoundary'],
]);

/** Parses an expression of RE2 syntax, as Go's package regexp has it: no look-around, no references back. */
export function parseRegexp(text: string): ParsedRegexp {
  return new RegexpParser(text).parse();
}

class RegexpParser {
  readonly #reader: Reader;
  readonly #names: string[] = [''];
  #flags: Flags = { fold: false, multiLine: false, dotAll: false, ungreedy: false };
  #depth = 0;

  constructor(text: string) {
    this.#reader = new Reader(text);
  }

  parse(): ParsedRegexp {
    const node = this.#alternation();
    if (!this.#reader.done) throw syntaxError('unexpected )', this.#reader.text);
    return { node, names: this.#names };
  }

  #alternation(): Node {
    if (++this.#depth > deepest) throw syntaxError('expression nests too deeply', this.#reader.text);
    const nodes: Node[] = [];
    do nodes.push(this.#sequence());
    while (this.#reader.take('|'));
    this.#depth--;
    return nodes.length === 1 && nodes[0] !== undefined ? nodes[0] : { kind: 'alternate', nodes };
  }

  #sequence(): Node {
    const nodes: Node[] = [];
    /** Where the repetition right before this place began, if there is one. */
    let repeated: number | undefined;
    while (!this.#reader.done && !'|)'.includes(this.#reader.char)) {
      const start = this.#reader.at;
      const bounds = this.#repetition();
      if (bounds === undefined) nodes.push(...this.#atom());
      else this.#repeat(nodes, bounds, start, repeated);
      repeated = bounds === undefined ? undefined : start;
    }
    return { kind: 'concat', nodes };
  }

  #repetition(): { min: number; max: number } | undefined {
    const reader = this.#reader;
    if (reader.take('*')) return { min: 0, max: -1 };
    if (reader.take('+')) return { min: 1, max: -1 };
    if (reader.take('?')) return { min: 0, max: 1 };
    const number = '(0|[1-9][0-9]*)';
    const [all, low, more, high] =
      new RegExp(`^\\{${number}(?:(,)${number}?)?\\}`).exec(reader.text.slice(reader.at, reader.at + 64)) ?? [];
    if (all === undefined) return undefined;
    const start = reader.at;
    reader.at += all.length;
    const min = Number(low);
    const max = more === undefined ? min : high === undefined ? -1 : Number(high);
    if (min > mostRepeats || max > mostRepeats || (max >= 0 && min > max)) {
      throw syntaxError('invalid repeat count', reader.since(start));
    }
    return { min, max };
  }

  #repeat(
    nodes: Node[],
    { min, max }: { min: number; max: number },
    start: number,
    repeated: number | undefined,
  ): void {
    const lazy = this.#reader.take('?');
    if (repeated !== undefined) throw syntaxError('invalid nested repetition operator', this.#reader.since(repeated));
    const node = nodes.pop();
    if (node === undefined) throw syntaxError('missing argument to repetition operator', this.#reader.since(start));
    const isCounted = this.#reader.text.charAt(start) === '{';
    const counted: Node = { kind: 'repeat', node, min, max, greedy: lazy === this.#flags.ungreedy };
    if (isCounted && (min >= 2 || max >= 2) && !fits(counted, mostRepeats)) {
      throw syntaxError('invalid repeat count', this.#reader.since(start));
    }
    nodes.push(counted);
  }

  #atom(): Node[] {
    const reader = this.#reader;
    switch (reader.char) {
      case '(':
        return this.#group();
      case '[':
        return [this.#set(parseClass(reader, this.#flags.fold))];
      case '\\':
        return this.#escape();
      case '^':
        reader.at++;
        return [assertion(this.#flags.multiLine ? 'beginLine' : 'beginText')];
      case '$':
        reader.at++;
        return [assertion(this.#flags.multiLine ? 'endLine' : 'endText')];
      case '.': {
        reader.at++;
        const { dotAll } = this.#flags;
        return [this.#set((code) => dotAll || code !== 0x0a)];
      }
      default:
        return [this.#literal(reader.rune())];
    }
  }

  #set(set: CharSet): Node {
    return { kind: 'set', set };
  }

  #literal(code: number): Node {
    const set: CharSet = (other) => other === code;
    return this.#set(this.#flags.fold ? folded(set) : set);
  }

  #escape(): Node[] {
    const reader = this.#reader;
    const letter = reader.text.charAt(reader.at + 1);
    const found = escapedAssertions.get(letter);
    if (found !== undefined) {
      reader.at += 2;
      return [assertion(found)];
    }
    if (letter === 'C') throw syntaxError('invalid escape sequence', '\\C');
    if (letter === 'Q') return this.#quoted();
    const { fold } = this.#flags;
    const set = parseUnicodeClass(reader, fold) ?? parsePerlClass(reader, fold);
    return [set === undefined ? this.#literal(parseEscape(reader)) : this.#set(set)];
  }

  /** `\Q … \E`: everything in between stands for itself. */
  #quoted(): Node[] {
    const reader = this.#reader;
    reader.at += 2;
    const nodes: Node[] = [];
    while (!reader.done && !reader.take('\\E')) nodes.push(this.#literal(reader.rune()));
    return nodes;
  }

  #group(): Node[] {
    const outer = this.#flags;
    const opened = this.#open();
    if (opened === 'flags') return [];
    const node = this.#alternation();
    if (!this.#reader.take(')')) throw syntaxError('missing closing )', this.#reader.text);
    this.#flags = outer;
    return [opened === undefined ? node : { kind: 'capture', index: opened, node }];
  }

  /** Takes the beginning of a group: its number, none, or only flags for what follows. */
  #open(): number | 'flags' | undefined {
    const reader = this.#reader;
    const start = reader.at;
    reader.at++;
    if (!reader.take('?')) return this.#names.push('') - 1;
    const rest = reader.text.length - start;
    if ((rest > 4 && reader.looksAt('P<')) || (rest > 3 && reader.looksAt('<'))) return this.#named(start);
    return this.#flagGroup(start);
  }

  #named(start: number): number {
    const reader = this.#reader;
    const from = reader.text.indexOf('<', start) + 1;
    const end = reader.text.indexOf('>', start);
    if (end < 0) throw syntaxError('invalid named capture', reader.text.slice(start));
    reader.at = end + 1;
    const name = reader.text.slice(from, end);
    if (!/^[A-Za-z0-9_]+$/.test(name)) throw syntaxError('invalid named capture', reader.since(start));
    return this.#names.push(name) - 1;
  }

  #flagGroup(start: number): 'flags' | undefined {
    const reader = this.#reader;
    const flags: Record<keyof Flags, boolean> = { ...this.#flags };
    let value = true;
    let isPending = false;
    while (!reader.done) {
      const char = String.fromCodePoint(reader.rune());
      const flag = Object.hasOwn(flagOf, char) ? flagOf[char] : undefined;
      if (flag !== undefined) {
        flags[flag] = value;
        isPending = false;
      } else if (char === '-' && value) {
        value = false;
        isPending = true;
      } else if ((char === ':' || char === ')') && !isPending) {
        this.#flags = flags;
        return char === ')' ? 'flags' : undefined;
      } else break;
    }
    throw syntaxError('invalid or unsupported Perl syntax', reader.since(start));
  }
}

function assertion(what: Assertion): Node {
  return { kind: 'assertion', assertion: what };
}

/** True when repetitions inside of repetitions add up to no more than `limit`. */
function fits(node: Node, limit: number): boolean {
  switch (node.kind) {
    case 'repeat': {
      if (node.max === 0) return true;
      const isCounted = node.max > 1 || node.min > 1;
      const count = isCounted ? (node.max < 0 ? node.min : node.max) : 0;
      return count <= limit && fits(node.node, count > 0 ? Math.floor(limit / count) : limit);
    }
    case 'capture':
      return fits(node.node, limit);
    case 'concat':
    case 'alternate':
      return node.nodes.every((inner) => fits(inner, limit));
    default:
      return true;
  }
}
