import { encodeRune, mapRunes } from '../../value/runes.ts';
import { isUpper, toLower } from '../../value/unicode.ts';
import { isConnector } from './pascal-case.ts';
import { type Word, WordReader } from './word.ts';

const noWord: Word = { kind: 'none', text: '', end: 0 };

/** `FirstName` to `first_name`, with any connector. Numbers join the word before them unless letters follow. */
export function joinWords(text: string, connector: number): string {
  return text === '' ? '' : new WordJoiner(text, connector).run();
}

class WordJoiner {
  readonly #reader: WordReader;
  readonly #connector: number;
  #out = '';
  #word: Word = noWord;

  constructor(text: string, connector: number) {
    this.#reader = new WordReader(text);
    this.#connector = connector;
  }

  run(): string {
    this.#advance();
    while (!this.#reader.done) {
      const previous = this.#word;
      if (previous.kind !== 'connector') this.#write(previous);
      this.#advance();
      if (previous.kind === 'number') this.#afterNumber();
      else if (previous.kind === 'connector') this.#write(previous);
      else if (previous.kind !== 'punctuation') this.#afterLetters();
    }
    this.#write(this.#word);
    return this.#out;
  }

  #advance(): void {
    this.#word = this.#reader.done ? noWord : this.#reader.next();
  }

  /** `2xx`: letters and numbers after a number stay with it. */
  #afterNumber(): void {
    this.#takeMixed();
    if (this.#word.kind !== 'none') this.#connect();
  }

  #takeMixed(): void {
    while (this.#word.kind === 'letters' || this.#word.kind === 'number') {
      this.#write(this.#word);
      this.#advance();
    }
  }

  #afterLetters(): void {
    const number = this.#word;
    if (number.kind !== 'number') this.#connect();
    else if (!this.#reader.done) this.#betweenLetters(number);
  }

  /** A number between words belongs to what follows it if that is letters, as in `HTTP2xx`, else to what precedes it. */
  #betweenLetters(number: Word): void {
    this.#advance();
    if (this.#word.kind !== 'letters') {
      this.#write(number);
      this.#connect();
      return;
    }
    this.#out += encodeRune(this.#connector);
    this.#write(number);
    this.#afterNumber();
  }

  /** A connector before the word at hand, unless that is one already. */
  #connect(): void {
    if (this.#word.kind !== 'connector' && this.#word.kind !== 'punctuation') this.#out += encodeRune(this.#connector);
  }

  #write({ kind, text }: Word): void {
    if (kind !== 'capitals' && kind !== 'connector') this.#out += text;
    else
      this.#out += mapRunes(text, (code) =>
        isConnector(code) ? this.#connector : isUpper(code) ? toLower(code) : code,
      );
  }
}
