/** What the lexer can find. */
export type TokenKind =
  | 'error'
  | 'eof'
  | 'text'
  | 'leftDelim'
  | 'rightDelim'
  | 'space'
  | 'bool'
  | 'char'
  | 'charConstant'
  | 'complex'
  | 'number'
  | 'string'
  | 'rawString'
  | 'assign'
  | 'declare'
  | 'field'
  | 'variable'
  | 'identifier'
  | 'leftParen'
  | 'rightParen'
  | 'pipe'
  | 'dot'
  | 'nil'
  | 'block'
  | 'break'
  | 'continue'
  | 'define'
  | 'else'
  | 'end'
  | 'if'
  | 'range'
  | 'template'
  | 'with';

/** A piece of the template's text. */
export interface Token {
  readonly kind: TokenKind;
  /** Byte offset in the text. */
  readonly at: number;
  readonly text: string;
  readonly line: number;
}

/** Words with a meaning of their own. */
export const keywords: ReadonlyMap<string, TokenKind> = new Map(
  (['block', 'break', 'continue', 'define', 'else', 'end', 'if', 'range', 'nil', 'template', 'with'] as const).map(
    (word) => [word, word],
  ),
);
