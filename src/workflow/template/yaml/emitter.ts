import { formatFloat } from '../format/float.ts';
import { fitsInt64 } from '../format/parse-number.ts';
import type { Meter } from '../value/meter.ts';
import { runeAt } from '../value/runes.ts';
import { compareKeys } from './key-order.ts';
import type { Plain } from './plain.ts';
import { isBreak, isPrintable, isSimpleKey, stringStyle } from './scalar-style.ts';

const width = 80;
const step = 2;

const escapes: ReadonlyMap<number, string> = new Map([
  [0x00, '0'],
  [0x07, 'a'],
  [0x08, 'b'],
  [0x09, 't'],
  [0x0a, 'n'],
  [0x0b, 'v'],
  [0x0c, 'f'],
  [0x0d, 'r'],
  [0x1b, 'e'],
  [0x22, '"'],
  [0x5c, '\\'],
  [0x85, 'N'],
  [0xa0, '_'],
  [0x2028, 'L'],
  [0x2029, 'P'],
]);

/** Writes YAML in the layout of yaml.v2: two spaces, lists not indented in maps, lines folded at 80 columns. */
export class Emitter {
  readonly #meter: Meter;
  #out = '';
  #column = 0;

  constructor(meter: Meter) {
    this.#meter = meter;
  }

  document(value: Plain): string {
    if (Array.isArray(value) && value.length > 0) this.#sequence(value, 0);
    else if (value instanceof Map && value.size > 0) this.#mapping(value, 0);
    else this.#leaf(value, step, false);
    return `${this.#out}${this.#out.endsWith('\n') ? '' : '\n'}`;
  }

  #write(text: string): void {
    this.#meter.grow(text.length);
    this.#out += text;
    // Columns are characters, not bytes.
    for (let at = 0; at < text.length; at++) if ((text.charCodeAt(at) & 0xc0) !== 0x80) this.#column++;
  }

  #newLine(indent: number): void {
    if (this.#out !== '' && !this.#out.endsWith('\n')) this.#out += '\n';
    this.#column = 0;
    this.#write(' '.repeat(indent));
  }

  /** The first item of a list in a list stands on the line of its dash. */
  #sequence(items: readonly Plain[], indent: number, isInline = false): void {
    items.forEach((item, i) => {
      if (i > 0 || !isInline) this.#newLine(indent);
      this.#write('-');
      this.#item(item, indent);
    });
  }

  #item(value: Plain, indent: number): void {
    this.#write(' ');
    if (Array.isArray(value) && value.length > 0) this.#sequence(value, indent + step, true);
    else if (value instanceof Map && value.size > 0) this.#mapping(value, indent + step, true);
    else this.#leaf(value, indent + step, false);
  }

  #mapping(entries: ReadonlyMap<string, Plain>, indent: number, isInline = false): void {
    const keys = [...entries.keys()].sort(compareKeys);
    keys.forEach((key, i) => {
      if (i > 0 || !isInline) this.#newLine(indent);
      const isSimple = isSimpleKey(key);
      if (!isSimple) this.#write('? ');
      this.#leaf(key, indent + step, isSimple);
      if (!isSimple) this.#newLine(indent);
      this.#write(':');
      const value = entries.get(key) ?? null;
      if (isSimple) this.#entry(value, indent);
      else this.#item(value, indent);
    });
  }

  /** What follows a key: lists begin below it, at its own column. */
  #entry(value: Plain, indent: number): void {
    if (Array.isArray(value) && value.length > 0) this.#sequence(value, indent);
    else if (value instanceof Map && value.size > 0) this.#mapping(value, indent + step);
    else {
      this.#write(' ');
      this.#leaf(value, indent + step, false);
    }
  }

  #leaf(value: Plain, indent: number, isKey: boolean): void {
    this.#meter.step();
    if (typeof value !== 'string') {
      this.#write(formatPlain(value));
      return;
    }
    switch (stringStyle(value, isKey)) {
      case 'plain':
        this.#folded(value, indent, isKey);
        break;
      case 'single':
        this.#write("'");
        this.#folded(value.replaceAll("'", "''"), indent, isKey, true);
        this.#write("'");
        break;
      case 'double':
        this.#double(value, indent, isKey);
        break;
      default:
        this.#literal(value, indent);
    }
  }

  /** Text broken at single spaces when it is too long. Of quoted text, not at its ends. */
  #folded(text: string, indent: number, isKey: boolean, isQuoted = false): void {
    let afterSpace = false;
    for (let at = 0; at < text.length; ) {
      const { code, size } = runeAt(text, at);
      if (isBreak(code)) {
        this.#foldedBreak(text, at, size, indent);
        afterSpace = false;
      } else if (code === 0x20) {
        const isInside = !isQuoted || (at > 0 && at < text.length - 1);
        const breaks = !isKey && !afterSpace && this.#column > width && isInside && text.charAt(at + 1) !== ' ';
        if (breaks) this.#newLine(indent);
        else this.#write(' ');
        afterSpace = true;
      } else {
        this.#write(text.slice(at, at + size));
        afterSpace = false;
      }
      at += size;
    }
  }

  /** A break inside of single quotes; only unusual ones come here, since text with newlines becomes a block. */
  #foldedBreak(text: string, at: number, size: number, indent: number): void {
    this.#write(text.slice(at, at + size));
    this.#column = 0;
    const next = at + size < text.length ? runeAt(text, at + size).code : 0x0a;
    if (!isBreak(next)) this.#write(' '.repeat(indent));
  }

  #double(text: string, indent: number, isKey: boolean): void {
    this.#write('"');
    let afterSpace = false;
    for (let at = 0; at < text.length; ) {
      const { code, size } = runeAt(text, at);
      if (code === 0x20) {
        const isInside = at > 0 && at < text.length - 1;
        if (!isKey && !afterSpace && this.#column > width && isInside) {
          this.#newLine(indent);
          if (text.charAt(at + 1) === ' ') this.#write('\\');
        } else this.#write(' ');
        afterSpace = true;
      } else {
        const isPlain = isPrintable(code) && !isBreak(code) && code !== 0x22 && code !== 0x5c;
        this.#write(isPlain ? text.slice(at, at + size) : escapeOf(code));
        afterSpace = false;
      }
      at += size;
    }
    this.#write('"');
  }

  #literal(text: string, indent: number): void {
    const hint = /^[ \n\r]/.test(text) || isBreak(runeAt(text, 0).code) ? String(step) : '';
    const chomp = !text.endsWith('\n') ? '-' : text === '\n' || text.endsWith('\n\n') ? '+' : '';
    this.#write(`|${hint}${chomp}\n`);
    this.#column = 0;
    const lines = text.split('\n');
    lines.forEach((line, i) => {
      if (line !== '') this.#write(' '.repeat(indent) + line);
      if (i < lines.length - 1) {
        this.#write('\n');
        this.#column = 0;
      }
    });
  }
}

function formatPlain(value: Exclude<Plain, string>): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return '[]';
  if (value instanceof Map) return '{}';
  if (typeof value !== 'number') return String(value);
  // JSON writes whole numbers without a point, and what looks like an integer is read as one.
  const isWhole = Number.isInteger(value) && Math.abs(value) < 1e21;
  const whole = isWhole ? BigInt(value) : undefined;
  if (whole !== undefined && (fitsInt64(whole) || (whole > 0n && whole < 2n ** 64n))) return whole.toString();
  return formatFloat(value, 'g', -1);
}

function escapeOf(code: number): string {
  const name = escapes.get(code);
  if (name !== undefined) return `\\${name}`;
  const [letter, digits] = code <= 0xff ? ['x', 2] : code <= 0xffff ? ['u', 4] : ['U', 8];
  return `\\${letter}${code.toString(16).toUpperCase().padStart(Number(digits), '0')}`;
}
