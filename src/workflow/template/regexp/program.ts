import type { Meter } from '../value/meter.ts';
import type { Assertion, CharSet, Node, ParsedRegexp } from './syntax.ts';

/** One step of a machine that reads text: where to go on is an index into the program. */
export type Instruction =
  | { readonly op: 'set'; readonly set: CharSet; readonly next: number }
  | { readonly op: 'assert'; readonly assertion: Assertion; readonly next: number }
  | { readonly op: 'save'; readonly slot: number; readonly next: number }
  /** Two ways to go on; the first is preferred. */
  | { readonly op: 'split'; next: number; other: number }
  | { readonly op: 'match' };

/** A compiled expression. */
export interface Program {
  readonly instructions: readonly Instruction[];
  readonly start: number;
  /** Names of the groups by number, empty for those without. */
  readonly names: readonly string[];
}

/** Compiles an expression. Its size is bounded by the steps a render may take. */
export function compileRegexp(meter: Meter, { node, names }: ParsedRegexp): Program {
  const compiler = new Compiler(meter);
  const start = compiler.capture(0, node, compiler.emit({ op: 'match' }));
  return { instructions: compiler.instructions, start, names };
}

/** Compiles from the end to the beginning: every piece is given the place where to go on after it. */
class Compiler {
  readonly instructions: Instruction[] = [];
  readonly #meter: Meter;

  constructor(meter: Meter) {
    this.#meter = meter;
  }

  emit(instruction: Instruction): number {
    this.#meter.step();
    return this.instructions.push(instruction) - 1;
  }

  capture(index: number, node: Node, next: number): number {
    const end = this.emit({ op: 'save', slot: 2 * index + 1, next });
    return this.emit({ op: 'save', slot: 2 * index, next: this.#node(node, end) });
  }

  #node(node: Node, next: number): number {
    switch (node.kind) {
      case 'set':
        return this.emit({ op: 'set', set: node.set, next });
      case 'assertion':
        return this.emit({ op: 'assert', assertion: node.assertion, next });
      case 'capture':
        return this.capture(node.index, node.node, next);
      case 'concat':
        return node.nodes.reduceRight((after, inner) => this.#node(inner, after), next);
      case 'alternate':
        return this.#alternate(node.nodes, next);
      default:
        return this.#repeat(node.node, node.min, node.max, node.greedy, next);
    }
  }

  #alternate(nodes: readonly Node[], next: number): number {
    const starts = nodes.map((node) => this.#node(node, next));
    return starts.reduceRight((other, start) => this.emit({ op: 'split', next: start, other }));
  }

  #repeat(node: Node, min: number, max: number, greedy: boolean, next: number): number {
    let start = next;
    if (max < 0) start = min === 0 ? this.#star(node, greedy, next) : this.#plus(node, greedy, next);
    else for (let i = min; i < max; i++) start = this.#split(this.#node(node, start), next, greedy);
    const more = max < 0 ? min - 1 : min;
    for (let i = 0; i < more; i++) start = this.#node(node, start);
    return start;
  }

  #split(body: number, after: number, greedy: boolean): number {
    return this.emit(greedy ? { op: 'split', next: body, other: after } : { op: 'split', next: after, other: body });
  }

  #plus(node: Node, greedy: boolean, next: number): number {
    const split = { op: 'split' as const, next: 0, other: 0 };
    const loop = this.emit(split);
    const body = this.#node(node, loop);
    split.next = greedy ? body : next;
    split.other = greedy ? next : body;
    return body;
  }

  /** What can match nothing is repeated as `(x+)?`: only so do the preferences come out in the right order. */
  #star(node: Node, greedy: boolean, next: number): number {
    if (isNullable(node)) return this.#split(this.#plus(node, greedy, next), next, greedy);
    const split = { op: 'split' as const, next: 0, other: 0 };
    const loop = this.emit(split);
    const body = this.#node(node, loop);
    split.next = greedy ? body : next;
    split.other = greedy ? next : body;
    return loop;
  }
}

function isNullable(node: Node): boolean {
  switch (node.kind) {
    case 'set':
      return false;
    case 'assertion':
      return true;
    case 'concat':
      return node.nodes.every(isNullable);
    case 'alternate':
      return node.nodes.some(isNullable);
    case 'capture':
      return isNullable(node.node);
    default:
      return node.min === 0 || isNullable(node.node);
  }
}
