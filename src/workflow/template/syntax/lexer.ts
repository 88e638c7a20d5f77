import { quote } from '../format/quote.ts';
import { encodeRune, runeAt } from '../value/runes.ts';
import { isDigit, isLetter, isPrint } from '../value/unicode.ts';
import { scanNumber } from './number-scan.ts';
import { keywords, type Token, type TokenKind } from './token.ts';

const left = '{{';
const right = '}}';
const spaces = ' \t\r\n';
const eof = -1;

const single: ReadonlyMap<string, TokenKind> = new Map([
  ['=', 'assign'],
  ['|', 'pipe'],
]);

/** Cuts the text of a template into tokens, one at a time. An error is a token, and the last one. */
export class Lexer {
  readonly #input: string;
  #at = 0;
  #start = 0;
  #line = 1;
  #startLine = 1;
  #inAction = false;
  #depth = 0;
  #failed: Token | undefined;

  constructor(input: string) {
    this.#input = input;
  }

  next(): Token {
    if (this.#failed !== undefined) return this.#failed;
    return this.#inAction ? this.#action() : this.#text();
  }

  #emit(kind: TokenKind): Token {
    const token = { kind, at: this.#start, text: this.#input.slice(this.#start, this.#at), line: this.#startLine };
    this.#line += count(token.text);
    this.#skipTo(this.#at);
    return token;
  }

  /** Passes over text whose lines have been counted. */
  #skipTo(at: number): void {
    this.#at = at;
    this.#start = at;
    this.#startLine = this.#line;
  }

  /** Passes over text whose lines have not been counted yet. */
  #ignore(at: number): void {
    this.#line += count(this.#input.slice(this.#start, at));
    this.#skipTo(at);
  }

  #error(text: string): Token {
    this.#failed = { kind: 'error', at: this.#start, text, line: this.#startLine };
    return this.#failed;
  }

  #peek(): number {
    return this.#at < this.#input.length ? runeAt(this.#input, this.#at).code : eof;
  }

  #advance(): number {
    if (this.#at >= this.#input.length) return eof;
    const { code, size } = runeAt(this.#input, this.#at);
    this.#at += size;
    return code;
  }

  #text(): Token {
    const open = this.#input.indexOf(left, this.#at);
    if (open < 0) {
      this.#at = this.#input.length;
      return this.#at > this.#start ? this.#emit('text') : this.#emitEof();
    }
    if (open > this.#at) {
      let end = open;
      if (hasLeftTrim(this.#input, open + 2))
        while (end > this.#start && spaces.includes(this.#input.charAt(end - 1))) end--;
      this.#at = end;
      const token = end > this.#start ? this.#emit('text') : undefined;
      this.#ignore(open);
      if (token !== undefined) return token;
    }
    return this.#leftDelim(open);
  }

  #emitEof(): Token {
    return { kind: 'eof', at: this.#at, text: '', line: this.#startLine };
  }

  #leftDelim(open: number): Token {
    const after = open + left.length + (hasLeftTrim(this.#input, open + 2) ? 2 : 0);
    if (this.#input.startsWith('/*', after)) {
      this.#ignore(after);
      return this.#comment();
    }
    this.#at = open + left.length;
    const token = this.#emit('leftDelim');
    this.#inAction = true;
    this.#depth = 0;
    this.#ignore(after);
    return token;
  }

  #comment(): Token {
    const end = this.#input.indexOf('*/', this.#at + 2);
    if (end < 0) return this.#error('unclosed comment');
    const delim = this.#rightDelimAt(end + 2);
    if (delim === undefined) return this.#error('comment ends before closing delimiter');
    this.#ignore(delim.trim ? afterSpaces(this.#input, delim.end) : delim.end);
    return this.#text();
  }

  /** Whether an action ends at an offset, where the delimiter ends, and whether it trims what follows. */
  #rightDelimAt(at: number): { end: number; trim: boolean } | undefined {
    if (spaces.includes(this.#input.charAt(at) || 'x') && this.#input.startsWith(`-${right}`, at + 1)) {
      return { end: at + 2 + right.length, trim: true };
    }
    return this.#input.startsWith(right, at) ? { end: at + right.length, trim: false } : undefined;
  }

  #rightDelim({ end, trim }: { end: number; trim: boolean }): Token {
    if (trim) this.#ignore(this.#at + 2);
    this.#at = end;
    const token = this.#emit('rightDelim');
    if (trim) this.#ignore(afterSpaces(this.#input, end));
    this.#inAction = false;
    return token;
  }

  #action(): Token {
    const delim = this.#rightDelimAt(this.#at);
    if (delim !== undefined) return this.#depth === 0 ? this.#rightDelim(delim) : this.#error('unclosed left paren');
    const code = this.#advance();
    if (code === eof) return this.#error('unclosed action');
    const char = code < 0x80 ? String.fromCharCode(code) : '';
    if (char !== '' && spaces.includes(char)) return this.#spaces();
    const kind = single.get(char);
    if (kind !== undefined) return this.#emit(kind);
    return this.#word(code, char);
  }

  #word(code: number, char: string): Token {
    switch (char) {
      case ':':
        return this.#advance() === 0x3d ? this.#emit('declare') : this.#error('expected :=');
      case '"':
        return this.#quoted('"', 'string', 'unterminated quoted string');
      case "'":
        return this.#quoted("'", 'charConstant', 'unterminated character constant');
      case '`':
        return this.#rawString();
      case '$':
        return this.#name('variable');
      case '(':
        this.#depth++;
        return this.#emit('leftParen');
      case ')':
        return --this.#depth < 0 ? this.#error('unexpected right paren') : this.#emit('rightParen');
      default:
        return this.#operand(code, char);
    }
  }

  #operand(code: number, char: string): Token {
    const following = this.#input.charAt(this.#at);
    if (char === '.' && following !== '' && (following < '0' || following > '9')) return this.#name('field');
    if (char !== '' && '.+-0123456789'.includes(char)) return this.#number();
    if (isAlphaNumeric(code)) return this.#identifier();
    if (code < 0x80 && isPrint(code)) return this.#emit('char');
    return this.#error(`unrecognized character in action: ${describeRune(code)}`);
  }

  #spaces(): Token {
    while (spaces.includes(this.#input.charAt(this.#at) || 'x')) this.#at++;
    // The last space may belong to a trim marker.
    if (this.#rightDelimAt(this.#at - 1)?.trim) {
      this.#at--;
      const delim = this.#rightDelimAt(this.#at);
      if (this.#at === this.#start && delim !== undefined) return this.#rightDelim(delim);
    }
    return this.#emit('space');
  }

  #quoted(delimiter: string, kind: TokenKind, unterminated: string): Token {
    for (;;) {
      const code = this.#advance();
      if (code === 0x5c) {
        const escaped = this.#advance();
        if (escaped !== eof && escaped !== 0x0a) continue;
        return this.#error(unterminated);
      }
      if (code === eof || code === 0x0a) return this.#error(unterminated);
      if (code === delimiter.charCodeAt(0)) return this.#emit(kind);
    }
  }

  #rawString(): Token {
    const end = this.#input.indexOf('`', this.#at);
    if (end < 0) return this.#error('unterminated raw quoted string');
    this.#at = end + 1;
    return this.#emit('rawString');
  }

  #number(): Token {
    const scanned = scanNumber(this.#input, this.#start);
    this.#at = scanned.end;
    if (scanned.kind === undefined)
      return this.#error(`bad number syntax: ${quote(this.#input.slice(this.#start, this.#at))}`);
    return this.#emit(scanned.kind);
  }

  /** A field or variable; its first character has been read. */
  #name(kind: 'field' | 'variable'): Token {
    if (this.#atTerminator()) return this.#emit(kind === 'variable' ? 'variable' : 'dot');
    const bad = this.#alphaNumerics();
    return bad ?? this.#emit(kind);
  }

  #identifier(): Token {
    const bad = this.#alphaNumerics();
    if (bad !== undefined) return bad;
    const word = this.#input.slice(this.#start, this.#at);
    if (word === 'true' || word === 'false') return this.#emit('bool');
    return this.#emit(keywords.get(word) ?? 'identifier');
  }

  #alphaNumerics(): Token | undefined {
    while (isAlphaNumeric(this.#peek())) this.#advance();
    return this.#atTerminator() ? undefined : this.#error(`bad character ${describeRune(this.#peek())}`);
  }

  /** True where a word may end: `$x+2` is no sum and is refused. */
  #atTerminator(): boolean {
    const char = this.#input.charAt(this.#at);
    return char === '' || ' \t\r\n.,|:)('.includes(char) || this.#input.startsWith(right, this.#at);
  }
}

function hasLeftTrim(input: string, at: number): boolean {
  return input.charAt(at) === '-' && spaces.includes(input.charAt(at + 1) || 'x');
}

function afterSpaces(input: string, at: number): number {
  let end = at;
  while (spaces.includes(input.charAt(end) || 'x')) end++;
  return end;
}

function count(text: string): number {
  return text.split('\n').length - 1;
}

function isAlphaNumeric(code: number): boolean {
  if (code < 0) return false;
  if (code < 0x80)
    return code === 0x5f || (code >= 0x30 && code <= 0x39) || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a);
  return isLetter(code) || isDigit(code);
}

/** `U+002B '+'`. */
function describeRune(code: number): string {
  if (code === eof) return 'U+FFFFFFFFFFFFFFFF';
  const hex = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  return isPrint(code) ? `${hex} '${encodeRune(code)}'` : hex;
}

/** The line of an offset, counted from 1, and its byte column, counted as Go counts it: from 0. */
export function position(input: string, at: number): { line: number; column: number } {
  const before = input.slice(0, at);
  const newline = before.lastIndexOf('\n');
  return { line: 1 + count(before), column: newline < 0 ? at : at - newline - 1 };
}
