import { sprintValue } from '../format/print.ts';
import { quote } from '../format/quote.ts';
import type { BranchNode, ListNode, Node, TemplateNode } from '../syntax/node.ts';
import type { TemplateSet, Tree } from '../syntax/tree.ts';
import { GoError, LimitError } from '../value/error.ts';
import type { Call } from '../value/function.ts';
import { indirect, isTrue } from '../value/inspect.ts';
import { GoInteger, GoMap, GoPointer, GoSlice, type Operand, unbox } from '../value/value.ts';
import { Evaluator } from './evaluator.ts';
import { Frame } from './frame.ts';
import type { Library } from './library.ts';

/** How a list ended when not at its end. */
type Jump = 'break' | 'continue' | undefined;

/** Executes one template of a set and collects what it writes. For one use. */
export class Renderer {
  readonly #set: TemplateSet;
  readonly #call: Call;
  readonly #evaluator: Evaluator;
  readonly #root: Tree;
  readonly #chunks: string[] = [];
  #size = 0;

  constructor(set: TemplateSet, root: Tree, library: Library, call: Call) {
    this.#set = set;
    this.#call = call;
    this.#root = root;
    this.#evaluator = new Evaluator(set, library, call, new Frame(root, undefined, 0));
  }

  /** The output as bytes. Throws `TemplateError`, or `GoError` when the output grows too large. */
  render(dot: Operand): string {
    this.#evaluator.frame = new Frame(this.#root, dot, 0);
    try {
      this.#list(dot, this.#root.root);
    } catch (error) {
      if (error instanceof LimitError) throw this.#evaluator.error(error.message);
      if (error instanceof RangeError && /call stack/.test(error.message)) {
        throw this.#evaluator.error('the template or its data is nested too deeply');
      }
      throw error;
    }
    return this.#chunks.join('');
  }

  #write(bytes: string): void {
    this.#size += bytes.length;
    const limit = this.#call.meter.limits.outputBytes;
    // Not an error of the template at some place, but of its whole output: Go reports it without a position.
    if (this.#size > limit) throw new GoError(`rendered template exceeds ${limit} bytes`);
    this.#chunks.push(bytes);
  }

  #list(dot: Operand, list: ListNode): Jump {
    this.#evaluator.at(list);
    for (const node of list.nodes) {
      const jump = this.#node(dot, node);
      if (jump !== undefined) return jump;
    }
    return undefined;
  }

  #node(dot: Operand, node: Node): Jump {
    this.#evaluator.at(node);
    switch (node.kind) {
      case 'text':
        this.#write(node.text);
        return undefined;
      case 'action': {
        const value = this.#evaluator.pipeline(dot, node.pipe);
        if (node.pipe.declared.length === 0) this.#print(node, value);
        return undefined;
      }
      case 'if':
      case 'with':
        return this.#condition(dot, node);
      case 'range':
        return this.#range(dot, node);
      case 'template':
        this.#template(dot, node);
        return undefined;
      default:
        return node.kind;
    }
  }

  #print(node: Node, operand: Operand): void {
    this.#evaluator.at(node);
    const { value } = operand instanceof GoPointer ? indirect(operand) : { value: operand };
    this.#write(value === undefined ? '<no value>' : sprintValue(this.#call.meter, unbox(value) ?? null));
  }

  #condition(dot: Operand, node: BranchNode): Jump {
    const { frame } = this.#evaluator;
    const mark = frame.mark;
    const value = this.#evaluator.pipeline(dot, node.pipe);
    let jump: Jump;
    if (isTrue(unbox(value))) jump = this.#list(node.kind === 'with' ? value : dot, node.list);
    else if (node.elseList !== undefined) jump = this.#list(dot, node.elseList);
    frame.release(mark);
    return jump;
  }

  #range(dot: Operand, node: BranchNode): Jump {
    const { frame } = this.#evaluator;
    const mark = frame.mark;
    const { value } = indirect(this.#evaluator.pipeline(dot, node.pipe));
    const inner = frame.mark;
    let ran = false;
    for (const [index, element] of this.#elements(value, node)) {
      ran = true;
      this.#setRangeVariables(node, index, element);
      const jump = this.#list(element, node.list);
      frame.release(inner);
      if (jump === 'break') break;
    }
    // A jump in the else part belongs to the loop around this one. Go's parser says so too, but its `break` ends only
    // this loop, while its `continue` reaches the outer one.
    const jump = !ran && node.elseList !== undefined ? this.#list(dot, node.elseList) : undefined;
    frame.release(mark);
    return jump === 'continue' ? 'continue' : undefined;
  }

  *#elements(value: Operand, { pipe }: BranchNode): Iterable<readonly [Operand, Operand]> {
    if (value instanceof GoInteger) {
      if (pipe.declared.length > 1) {
        throw this.#evaluator.error(`can't use ${value.value} to iterate over more than one variable`);
      }
      for (let i = 0n; i < value.value; i++) yield [undefined, new GoInteger(i, value.type)];
    } else if (value instanceof GoSlice) {
      for (let i = 0; i < value.items.length; i++) yield [new GoInteger(BigInt(i)), value.at(i)];
    } else if (value instanceof GoMap) {
      // Entries are read before the first round: the body may change the map.
      const entries = value.sortedKeys().map((key) => [key, value.get(key)] as const);
      yield* entries;
    } else if (value !== undefined) {
      throw this.#evaluator.error(`range can't iterate over ${sprintValue(this.#call.meter, unbox(value) ?? null)}`);
    }
  }

  #setRangeVariables({ pipe }: BranchNode, index: Operand, element: Operand): void {
    const { frame } = this.#evaluator;
    const [first, second] = pipe.declared.map(({ names }) => names[0] ?? '');
    if (first === undefined) return;
    if (pipe.isAssign) {
      this.#evaluator.assign(first, second === undefined ? element : index);
      if (second !== undefined) this.#evaluator.assign(second, element);
      return;
    }
    frame.assignTop(1, element);
    if (second !== undefined) frame.assignTop(2, index);
  }

  #template(dot: Operand, node: TemplateNode): void {
    const tree = this.#set.trees.get(node.name);
    if (tree === undefined) throw this.#evaluator.error(`template ${quote(node.name)} not defined`);
    const caller = this.#evaluator.frame;
    const deepest = this.#call.meter.limits.depth;
    if (caller.depth >= deepest) throw this.#evaluator.error(`exceeded maximum template depth (${deepest})`);
    const argument = node.pipe === undefined ? undefined : this.#evaluator.pipeline(dot, node.pipe);
    this.#evaluator.frame = new Frame(tree, argument, caller.depth + 1);
    this.#list(argument, tree.root);
    this.#evaluator.frame = caller;
  }
}
