import { describeToken } from './describe.ts';
import { SyntaxFault } from './syntax-error.ts';
import type { Token, TokenKind } from './token.ts';
import type { TokenStream } from './token-stream.ts';

/** Expressions in parentheses and blocks in blocks beyond this are no template a person wrote. */
const deepest = 500;

/** What parsing one named template needs to remember. */
export class ParseState {
  readonly stream: TokenStream;
  /** Name of the whole text, for messages. */
  readonly name: string;
  readonly #functions: { has(name: string): boolean };
  /** Variables in sight, the innermost last. */
  readonly #variables: string[] = ['$'];
  /** Line on which the action being parsed began; 0 outside of actions. */
  actionLine = 0;
  rangeDepth = 0;
  readonly #depth: { value: number };

  constructor(
    name: string,
    stream: TokenStream,
    functions: { has(name: string): boolean },
    depth: { value: number } = { value: 0 },
  ) {
    this.name = name;
    this.stream = stream;
    this.#functions = functions;
    this.#depth = depth;
  }

  /** The state for a template that is defined inside this one: it sees none of its variables. */
  nested(): ParseState {
    return new ParseState(this.name, this.stream, this.#functions, this.#depth);
  }

  declare(variable: string): void {
    this.#variables.push(variable);
  }

  isDeclared(variable: string): boolean {
    return this.#variables.includes(variable);
  }

  isFunction(name: string): boolean {
    return this.#functions.has(name);
  }

  /** Runs `body`; variables it declares are forgotten afterwards. */
  scope<T>(body: () => T): T {
    const mark = this.#variables.length;
    try {
      return body();
    } finally {
      this.#variables.length = mark;
    }
  }

  /** Runs `body` one level deeper. */
  nest<T>(body: () => T): T {
    if (++this.#depth.value > deepest) this.fail('max expression depth exceeded');
    try {
      return body();
    } finally {
      this.#depth.value--;
    }
  }

  /** Ends parsing; the error is on the line of the token that was read last. */
  fail(message: string, { line, at }: Token = this.stream.latest): never {
    throw new SyntaxFault(`template: ${this.name}:${line}: ${message}`, line, at);
  }

  unexpected(token: Token, context: string): never {
    if (token.kind !== 'error') this.fail(`unexpected ${describeToken(token)} in ${context}`);
    let extra = '';
    if (this.actionLine !== 0 && this.actionLine !== token.line) {
      extra = ` in action started at ${this.name}:${this.actionLine}`;
      // Not "unclosed action in action".
      if (token.text.endsWith(' action')) extra = extra.slice(' in action'.length);
    }
    this.fail(token.text + extra);
  }

  expect(context: string, ...kinds: TokenKind[]): Token {
    const token = this.stream.nextNonSpace();
    return kinds.includes(token.kind) ? token : this.unexpected(token, context);
  }
}
