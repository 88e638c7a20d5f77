import type { Lexer } from './lexer.ts';
import type { Token } from './token.ts';

/** Tokens with a look ahead. */
export class TokenStream {
  readonly #lexer: Lexer;
  readonly #ahead: Token[] = [];
  /** The token read last from the text: errors are reported on its line. */
  latest: Token;

  constructor(lexer: Lexer) {
    this.#lexer = lexer;
    this.latest = { kind: 'eof', at: 0, text: '', line: 1 };
  }

  next(): Token {
    const token = this.#ahead.shift();
    if (token !== undefined) return token;
    this.latest = this.#lexer.next();
    return this.latest;
  }

  /** Gives tokens back, in the order in which they were read. */
  back(...tokens: Token[]): void {
    this.#ahead.unshift(...tokens);
  }

  peek(): Token {
    const token = this.next();
    this.back(token);
    return token;
  }

  nextNonSpace(): Token {
    for (;;) {
      const token = this.next();
      if (token.kind !== 'space') return token;
    }
  }

  /** Looks at the next token that is no space; the spaces before it are gone. */
  peekNonSpace(): Token {
    const token = this.nextNonSpace();
    this.back(token);
    return token;
  }
}
