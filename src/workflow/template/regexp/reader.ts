import { runeAt, runeError } from '../value/runes.ts';
import { syntaxError } from './syntax.ts';

/** Reads a regular expression rune by rune. */
export class Reader {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  get done(): boolean {
    return this.at >= this.text.length;
  }

  /** The byte at hand as a character, empty at the end. */
  get char(): string {
    return this.text.charAt(this.at);
  }

  /** The text from an offset up to where reading is. */
  since(start: number): string {
    return this.text.slice(start, this.at);
  }

  looksAt(text: string): boolean {
    return this.text.startsWith(text, this.at);
  }

  /** Takes a text if it is next. */
  take(text: string): boolean {
    if (!this.looksAt(text)) return false;
    this.at += text.length;
    return true;
  }

  rune(): number {
    const { code, size } = runeAt(this.text, this.at);
    if (code === runeError && size === 1) throw syntaxError('invalid UTF-8', this.text.slice(this.at));
    this.at += size;
    return code;
  }
}
