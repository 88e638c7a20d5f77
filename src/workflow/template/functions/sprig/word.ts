import { type Rune, runeAt, runeError } from '../../value/runes.ts';
import { isLetter, isNumber, isPunct, isUpper } from '../../value/unicode.ts';
import { isConnector } from './pascal-case.ts';

/** What a run of characters of an identifier is. */
export type WordKind = 'none' | 'number' | 'capitals' | 'letters' | 'connector' | 'punctuation' | 'other';

export interface Word {
  readonly kind: WordKind;
  readonly text: string;
  readonly end: number;
}

/** A letter of a script that has words: Chinese characters are none. */
function isAlphabet(code: number): boolean {
  if (!isLetter(code) || code < 0x3400) return isLetter(code);
  const isChinese = code <= 0x4d85 || (code >= 0x4e00 && code <= 0x9fcc) || (code >= 0x20000 && code <= 0x2b81d);
  return !isChinese;
}

/** Reads words one after the other; broken bytes belong to the word around them. */
export class WordReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get done(): boolean {
    return this.#at >= this.#text.length;
  }

  next(): Word {
    const start = this.#at;
    const first = this.#valid(start, runeError);
    if (start >= this.#text.length || first.code === runeError) {
      this.#at = Math.min(start + first.size, this.#text.length);
      return { kind: 'none', text: this.#text.slice(start, this.#at), end: this.#at };
    }
    const kind = kindOf(first.code);
    this.#at = this.#end(kind, start + first.size, first.code);
    return { kind, text: this.#text.slice(start, this.#at), end: this.#at };
  }

  #end(kind: WordKind, at: number, code: number): number {
    switch (kind) {
      case 'connector':
        return this.#run(at, code, isConnector);
      case 'punctuation':
        return this.#run(at, code, isPunct);
      case 'letters':
        return this.#run(at, code, (next) => isAlphabet(next) && !isUpper(next));
      case 'number':
        return this.#run(at, code, isNumber);
      case 'capitals':
        return this.#capitals(at, code);
      default:
        return this.#run(
          at,
          code,
          (next) => !isConnector(next) && !isAlphabet(next) && !isNumber(next) && !isPunct(next),
        );
    }
  }

  /** Capitals, or one capital and what follows it. Of `HTTPStatus` the S belongs to the next word. */
  #capitals(at: number, code: number): number {
    if (at >= this.#text.length) return at;
    const second = this.#valid(at, code);
    if (!isUpper(second.code)) {
      if (!isAlphabet(second.code)) return at;
      return this.#run(at + second.size, second.code, (next) => isAlphabet(next) && !isUpper(next));
    }
    let end = at + second.size;
    let size = second.size;
    let last = second.code;
    while (end < this.#text.length) {
      const next = this.#valid(end, last);
      last = next.code;
      if (!isUpper(next.code)) return isAlphabet(next.code) ? end - size : end;
      size = next.size;
      end += next.size;
    }
    return end;
  }

  #run(start: number, code: number, belongs: (code: number) => boolean): number {
    let at = start;
    let last = code;
    while (at < this.#text.length) {
      const next = this.#valid(at, last);
      if (next.size === 0 || !belongs(next.code)) break;
      last = next.code;
      at += next.size;
    }
    return at;
  }

  /** The next rune that is none of the broken ones, with their size added to its own. */
  #valid(start: number, previous: number): Rune {
    let size = 0;
    while (start + size < this.#text.length) {
      const rune = runeAt(this.#text, start + size);
      size += rune.size;
      if (rune.code !== runeError) return { code: rune.code, size };
    }
    return { code: previous, size };
  }
}

function kindOf(code: number): WordKind {
  if (isConnector(code)) return 'connector';
  if (isPunct(code)) return 'punctuation';
  if (isUpper(code)) return 'capitals';
  if (isAlphabet(code)) return 'letters';
  return isNumber(code) ? 'number' : 'other';
}
