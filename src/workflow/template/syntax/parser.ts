import { quote } from '../format/quote.ts';
import { Lexer } from './lexer.ts';
import type { BranchNode, JumpNode, ListNode, Node, PipeNode } from './node.ts';
import { ParseState } from './parse-state.ts';
import { parsePipeline, parseString } from './pipeline-parser.ts';
import type { Token } from './token.ts';
import { TokenStream } from './token-stream.ts';
import { isEmptyTree, type TemplateSet, type Tree } from './tree.ts';

/** `{{end}}` or `{{else}}`: ends a list and is not part of it. */
interface Ending {
  readonly kind: 'end' | 'else';
  readonly at: number;
}

type Parsed = Node | Ending;

function isEnding(node: Parsed): node is Ending {
  return node.kind === 'end' || node.kind === 'else';
}

/**
 * Parses a text and all templates it defines. Names, texts and messages are bytes. Throws `SyntaxFault` with Go's words.
 */
export function parseTemplates(name: string, source: string, functions: { has(name: string): boolean }): TemplateSet {
  const trees = new Map<string, Tree>();
  const state = new ParseState(name, new TokenStream(new Lexer(source)), functions);
  new TreeParser(state, trees).parseRoot(name);
  return { name, source, trees };
}

/** Parses one named template; for those defined inside of it there are further parsers on the same tokens. */
class TreeParser {
  readonly #state: ParseState;
  readonly #trees: Map<string, Tree>;

  constructor(state: ParseState, trees: Map<string, Tree>) {
    this.#state = state;
    this.#trees = trees;
  }

  /** The top level, where `define` is allowed. */
  parseRoot(name: string): void {
    const { stream } = this.#state;
    const root: ListNode = { kind: 'list', at: stream.peek().at, nodes: [] };
    while (stream.peek().kind !== 'eof') {
      if (stream.peek().kind === 'leftDelim') {
        const delim = stream.next();
        const token = stream.nextNonSpace();
        if (token.kind === 'define') {
          this.#nested().parseDefinition();
          continue;
        }
        stream.back(delim, token);
      }
      const node = this.#textOrAction();
      if (isEnding(node)) this.#state.fail(`unexpected {{${node.kind}}}`);
      root.nodes.push(node);
    }
    this.#add({ name, root });
  }

  /** `{{define "name"}} … {{end}}` after its keyword. */
  parseDefinition(): void {
    const name = parseString(this.#state, this.#state.expect('define clause', 'string', 'rawString'));
    this.#state.expect('define clause', 'rightDelim');
    this.parseBody(name, 'define clause');
  }

  /** A template up to its `{{end}}`. `blame` is where it is said to be wrong, when not where that is found. */
  parseBody(name: string, context: string, blame?: Token): void {
    const { list, ending } = this.#list();
    if (ending.kind !== 'end') this.#state.fail(`unexpected {{${ending.kind}}} in ${context}`, blame);
    this.#add({ name, root: list });
  }

  #nested(): TreeParser {
    return new TreeParser(this.#state.nested(), this.#trees);
  }

  #add(tree: Tree): void {
    const known = this.#trees.get(tree.name);
    if (known === undefined || isEmptyTree(known.root)) this.#trees.set(tree.name, tree);
    else if (!isEmptyTree(tree.root)) {
      this.#state.fail(`template: multiple definition of template ${quote(tree.name)}`);
    }
  }

  #list(): { list: ListNode; ending: Ending } {
    const { stream } = this.#state;
    const list: ListNode = { kind: 'list', at: stream.peekNonSpace().at, nodes: [] };
    while (stream.peekNonSpace().kind !== 'eof') {
      const node = this.#textOrAction();
      if (isEnding(node)) return { list, ending: node };
      list.nodes.push(node);
    }
    return this.#state.fail('unexpected EOF');
  }

  #textOrAction(): Parsed {
    const token = this.#state.stream.nextNonSpace();
    if (token.kind === 'text') return { kind: 'text', at: token.at, text: token.text };
    if (token.kind !== 'leftDelim') return this.#state.unexpected(token, 'input');
    this.#state.actionLine = token.line;
    const node = this.#action();
    this.#state.actionLine = 0;
    return node;
  }

  #action(): Parsed {
    const token = this.#state.stream.nextNonSpace();
    switch (token.kind) {
      case 'block':
        return this.#block();
      case 'break':
      case 'continue':
        return this.#jump(token.kind, token.at);
      case 'else':
        return this.#else();
      case 'end':
        return { kind: 'end', at: this.#state.expect('end', 'rightDelim').at };
      case 'if':
      case 'with':
      case 'range':
        return this.#branch(token.kind);
      case 'template':
        return this.#template();
      default: {
        this.#state.stream.back(token);
        return { kind: 'action', at: token.at, pipe: parsePipeline(this.#state, 'command', 'rightDelim') };
      }
    }
  }

  #jump(kind: 'break' | 'continue', at: number): JumpNode {
    const token = this.#state.stream.nextNonSpace();
    if (token.kind !== 'rightDelim') this.#state.unexpected(token, `{{${kind}}}`);
    if (this.#state.rangeDepth === 0) this.#state.fail(`{{${kind}}} outside {{range}}`);
    return { kind, at };
  }

  /** `{{else if …}}` and `{{else with …}}` leave their keyword for the branch to find. */
  #else(): Ending {
    const next = this.#state.stream.peekNonSpace();
    const isChained = next.kind === 'if' || next.kind === 'with';
    return { kind: 'else', at: isChained ? next.at : this.#state.expect('else', 'rightDelim').at };
  }

  #branch(kind: BranchNode['kind']): BranchNode {
    return this.#state.nest(() =>
      this.#state.scope(() => {
        const pipe = parsePipeline(this.#state, kind, 'rightDelim');
        if (kind === 'range') this.#state.rangeDepth++;
        const { list, ending } = this.#list();
        if (kind === 'range') this.#state.rangeDepth--;
        const elseList = ending.kind === 'else' ? this.#elseList(kind, ending.at) : undefined;
        return { kind, at: pipe.at, pipe, list, elseList };
      }),
    );
  }

  #elseList(kind: BranchNode['kind'], at: number): ListNode {
    const { stream } = this.#state;
    if (kind !== 'range' && stream.peek().kind === kind) {
      stream.next();
      return { kind: 'list', at, nodes: [this.#branch(kind)] };
    }
    const { list, ending } = this.#list();
    if (ending.kind !== 'end') this.#state.fail(`expected end; found {{${ending.kind}}}`);
    return list;
  }

  #block(): Node {
    const { token, name } = this.#templateName('block clause');
    const pipe = parsePipeline(this.#state, 'block clause', 'rightDelim');
    // Go blames the beginning of a block for the way it ends.
    const { latest } = this.#state.stream;
    this.#state.nest(() => this.#nested().parseBody(name, 'block clause', latest));
    return { kind: 'template', at: token.at, name, pipe };
  }

  #template(): Node {
    const { token, name } = this.#templateName('template clause');
    const next = this.#state.stream.nextNonSpace();
    if (next.kind === 'rightDelim') return { kind: 'template', at: token.at, name, pipe: undefined };
    this.#state.stream.back(next);
    const pipe: PipeNode = parsePipeline(this.#state, 'template clause', 'rightDelim');
    return { kind: 'template', at: token.at, name, pipe };
  }

  #templateName(context: string): { token: Token; name: string } {
    const token = this.#state.expect(context, 'string', 'rawString');
    return { token, name: parseString(this.#state, token) };
  }
}
