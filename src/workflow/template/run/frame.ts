import type { AnyNode } from '../syntax/node.ts';
import type { Tree } from '../syntax/tree.ts';
import type { Operand } from '../value/value.ts';

interface Variable {
  readonly name: string;
  value: Operand;
}

/** One invocation of a template: its variables, and the node at which it is. */
export class Frame {
  readonly tree: Tree;
  readonly depth: number;
  /** Where evaluation is, for messages. */
  node: AnyNode;
  readonly #variables: Variable[];

  constructor(tree: Tree, dot: Operand, depth: number) {
    this.tree = tree;
    this.depth = depth;
    this.node = tree.root;
    this.#variables = [{ name: '$', value: dot }];
  }

  get mark(): number {
    return this.#variables.length;
  }

  /** Forgets the variables declared since a mark. */
  release(mark: number): void {
    this.#variables.length = mark;
  }

  declare(name: string, value: Operand): void {
    this.#variables.push({ name, value });
  }

  /** Sets the innermost variable of that name; false when there is none. */
  assign(name: string, value: Operand): boolean {
    const variable = this.#variables.findLast((candidate) => candidate.name === name);
    if (variable === undefined) return false;
    variable.value = value;
    return true;
  }

  /** Sets the variable declared last, or the one before that. */
  assignTop(fromTop: 1 | 2, value: Operand): void {
    const variable = this.#variables[this.#variables.length - fromTop];
    if (variable !== undefined) variable.value = value;
  }

  lookup(name: string): { readonly value: Operand } | undefined {
    return this.#variables.findLast((variable) => variable.name === name);
  }
}
