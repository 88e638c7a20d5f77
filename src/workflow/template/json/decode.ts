import { GoError } from '../value/error.ts';
import type { Meter } from '../value/meter.ts';
import { encodeRune, isValidUtf8, mapRunes } from '../value/runes.ts';
import { type Any, GoMap, GoSlice } from '../value/value.ts';
import { type JsonError, unexpectedCharacter } from './decode-error.ts';

const space = /[ \t\r\n]*/y;
const numberPattern = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const plainText = /[ !#-[\]-\uffff]*/y;
const literals: ReadonlyMap<string, readonly [string, Any]> = new Map([
  ['t', ['true', true]],
  ['f', ['false', false]],
  ['n', ['null', null]],
]);
const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** Decodes JSON into the values that `encoding/json` makes of it: numbers are float64. Throws in its words. */
export function decodeJson(meter: Meter, json: string): Any {
  return new Decoder(meter, json).document();
}

class Decoder {
  readonly #meter: Meter;
  readonly #json: string;
  #at = 0;

  constructor(meter: Meter, json: string) {
    this.#meter = meter;
    this.#json = json;
    meter.grow(json.length);
  }

  document(): Any {
    const value = this.#value(0);
    this.#spaces();
    if (this.#at < this.#json.length) throw this.#unexpected('after top-level value');
    return value;
  }

  #unexpected(where: string): JsonError {
    return unexpectedCharacter(this.#json, this.#at, where);
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const [found = ''] = pattern.exec(this.#json) ?? [];
    this.#at += found.length;
    return found;
  }

  #spaces(): string {
    this.#match(space);
    return this.#json.charAt(this.#at);
  }

  #value(depth: number): Any {
    this.#meter.step();
    this.#meter.descend(depth);
    const char = this.#spaces();
    if (char === '{') return this.#object(depth);
    if (char === '[') return this.#array(depth);
    if (char === '"') return this.#string();
    if (char === '-' || (char >= '0' && char <= '9')) return this.#number();
    const literal = literals.get(char);
    if (literal === undefined) throw this.#unexpected('looking for beginning of value');
    return this.#literal(literal[0], literal[1]);
  }

  #literal(word: string, value: Any): Any {
    for (let i = 0; i < word.length; i++, this.#at++) {
      if (this.#json.charAt(this.#at) !== word.charAt(i)) {
        throw this.#unexpected(`in literal ${word} (expecting '${word.charAt(i)}')`);
      }
    }
    return value;
  }

  #number(): number {
    const start = this.#at;
    const text = this.#match(numberPattern);
    if (text === '') {
      this.#at++;
      throw this.#unexpected('in numeric literal');
    }
    const next = this.#json.charAt(this.#at);
    if (next === '.' && /^-?[0-9]+$/.test(text)) {
      this.#at++;
      throw this.#unexpected('after decimal point in numeric literal');
    }
    if ((next === 'e' || next === 'E') && !/[eE]/.test(text)) {
      this.#at += /[+-]/.test(this.#json.charAt(this.#at + 1)) ? 2 : 1;
      throw this.#unexpected('in exponent of numeric literal');
    }
    const value = Number(text);
    if (Number.isFinite(value)) return value;
    this.#at = start;
    throw new GoError(`json: cannot unmarshal number ${text} into Go value of type float64`);
  }

  #string(): string {
    this.#at++;
    let text = '';
    for (;;) {
      text += this.#match(plainText);
      const char = this.#json.charAt(this.#at);
      if (char === '"') break;
      if (char !== '\\') throw this.#unexpected('in string literal');
      this.#at++;
      text += this.#escape();
    }
    this.#at++;
    return isValidUtf8(text) ? text : mapRunes(text, (code) => code);
  }

  #escape(): string {
    const char = this.#json.charAt(this.#at);
    const simple = Object.hasOwn(escapes, char) ? escapes[char] : undefined;
    if (simple !== undefined) {
      this.#at++;
      return simple;
    }
    if (char !== 'u') throw this.#unexpected('in string escape code');
    this.#at++;
    const high = this.#hex();
    if (high < 0xd800 || high > 0xdbff || !this.#json.startsWith('\\u', this.#at)) return encodeRune(high);
    const before = this.#at;
    this.#at += 2;
    const low = this.#hex();
    if (low >= 0xdc00 && low <= 0xdfff) return encodeRune(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00));
    this.#at = before;
    return encodeRune(high);
  }

  #hex(): number {
    let code = 0;
    for (let i = 0; i < 4; i++, this.#at++) {
      const digit = this.#json.charAt(this.#at);
      if (!/^[0-9a-fA-F]$/.test(digit)) throw this.#unexpected('in \\u hexadecimal character escape');
      code = code * 16 + Number.parseInt(digit, 16);
    }
    return code;
  }

  #array(depth: number): GoSlice {
    this.#at++;
    const items: Any[] = [];
    if (this.#spaces() === ']') {
      this.#at++;
      return new GoSlice(items);
    }
    for (;;) {
      items.push(this.#value(depth + 1));
      const char = this.#spaces();
      if (char !== ',' && char !== ']') throw this.#unexpected('after array element');
      this.#at++;
      if (char === ']') return new GoSlice(items);
    }
  }

  #object(depth: number): GoMap {
    this.#at++;
    const map = new GoMap();
    if (this.#spaces() === '}') {
      this.#at++;
      return map;
    }
    for (;;) {
      if (this.#spaces() !== '"') throw this.#unexpected('looking for beginning of object key string');
      const key = this.#string();
      if (this.#spaces() !== ':') throw this.#unexpected('after object key');
      this.#at++;
      map.entries.set(key, this.#value(depth + 1));
      const char = this.#spaces();
      if (char !== ',' && char !== '}') throw this.#unexpected('after object key:value pair');
      this.#at++;
      if (char === '}') return map;
    }
  }
}
