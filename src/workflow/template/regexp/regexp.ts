import type { Meter } from '../value/meter.ts';
import { runeAt } from '../value/runes.ts';
import { type Captures, Machine } from './machine.ts';
import { parseRegexp } from './parser.ts';
import { compileRegexp, type Program } from './program.ts';
import { expand } from './replacement.ts';

/** Expressions that a render has compiled: loops use the same ones over and over. */
const compiled = new WeakMap<Meter, Map<string, Program>>();

function programOf(meter: Meter, expression: string): Program {
  const known = compiled.get(meter) ?? new Map<string, Program>();
  compiled.set(meter, known);
  const program = known.get(expression) ?? compileRegexp(meter, parseRegexp(expression));
  known.set(expression, program);
  return program;
}

/** A compiled expression with the operations of Go's package regexp. Throws `GoError` when the expression is wrong. */
export class Regexp {
  readonly #meter: Meter;
  readonly #program: Program;

  constructor(meter: Meter, expression: string) {
    this.#meter = meter;
    this.#program = programOf(meter, expression);
  }

  test(text: string): boolean {
    return this.#machine(text).find(0) !== undefined;
  }

  /** The leftmost match, empty when there is none. */
  find(text: string): string {
    const [start = 0, end = 0] = this.#machine(text).find(0) ?? [];
    return text.slice(start, end);
  }

  /** All matches that do not overlap, at most `limit` unless that is negative. */
  findAll(text: string, limit: number): string[] {
    return this.#matches(text, limit).map(([start = 0, end = 0]) => text.slice(start, end));
  }

  /** Replaces every match; groups in the replacement are filled in unless it is to be taken literally. */
  replaceAll(text: string, replacement: string, literally: boolean): string {
    const machine = this.#machine(text);
    let replaced = '';
    let copied = 0;
    let from = 0;
    while (from <= text.length) {
      const match = machine.find(from);
      if (match === undefined) break;
      const [start = 0, end = 0] = match;
      replaced += text.slice(copied, start);
      // No empty match right after another match.
      if (end > copied || start === 0) {
        const by = literally ? replacement : expand(replacement, text, match, this.#program.names);
        this.#meter.grow(by.length);
        replaced += by;
      }
      copied = end;
      from = next(text, from, end);
    }
    return replaced + text.slice(copied);
  }

  /** The parts between matches, at most `limit` of them unless that is negative. `undefined` for Go's nil. */
  split(text: string, limit: number): string[] | undefined {
    if (limit === 0) return undefined;
    const parts: string[] = [];
    let begin = 0;
    let end = 0;
    for (const [start = 0, stop = 0] of this.#matches(text, limit)) {
      if (limit > 0 && parts.length === limit - 1) break;
      end = start;
      if (stop !== 0) parts.push(text.slice(begin, end));
      begin = stop;
    }
    if (end !== text.length) parts.push(text.slice(begin));
    return parts;
  }

  #machine(text: string): Machine {
    return new Machine(this.#program, text, this.#meter);
  }

  #matches(text: string, limit: number): Captures[] {
    const machine = this.#machine(text);
    const most = limit < 0 ? text.length + 1 : limit;
    const found: Captures[] = [];
    let previousEnd = -1;
    for (let from = 0; found.length < most && from <= text.length; ) {
      const match = machine.find(from);
      if (match === undefined) break;
      const [start = 0, end = 0] = match;
      // No empty match right after another match.
      if (end !== from || start !== previousEnd) found.push(match);
      from = end === from ? next(text, from, end) : end;
      previousEnd = end;
    }
    this.#meter.grow(16 * found.length);
    return found;
  }
}

/** Where to search on: never twice at the same place. */
function next(text: string, from: number, end: number): number {
  const width = from < text.length ? runeAt(text, from).size : 1;
  return from + width > end ? from + width : end;
}

/** A text with everything escaped that means something in an expression. */
export function quoteMeta(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}
