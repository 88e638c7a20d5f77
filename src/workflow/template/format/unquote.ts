import { encodeRune, runeAt } from '../value/runes.ts';

const simple: ReadonlyMap<string, number> = new Map([
  ['a', 7],
  ['b', 8],
  ['f', 12],
  ['n', 10],
  ['r', 13],
  ['t', 9],
  ['v', 11],
  ['\\', 0x5c],
]);

const hexDigits: ReadonlyMap<string, number> = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
]);

/** One character of a literal: its code point or byte, and where the next one begins. */
export interface Unquoted {
  readonly code: number;
  /** `\x` and octal escapes stand for a byte, not for a code point. */
  readonly isByte: boolean;
  readonly next: number;
}

/** What a Go string literal in double quotes or backquotes stands for; `undefined` when it is malformed. */
export function unquote(literal: string): string | undefined {
  const delimiter = literal.charAt(0);
  const inside = literal.slice(1, -1);
  if (delimiter === '`') return inside.replaceAll('\r', '');
  let bytes = '';
  for (let at = 0; at < inside.length; ) {
    const char = unquoteChar(inside, at, delimiter);
    if (char === undefined) return undefined;
    bytes += char.isByte ? String.fromCharCode(char.code) : encodeRune(char.code);
    at = char.next;
  }
  return bytes;
}

/** The character that begins at an offset of the inside of a literal. */
export function unquoteChar(inside: string, at: number, delimiter: string): Unquoted | undefined {
  const char = inside.charAt(at);
  if (char === '' || char === delimiter || char === '\n') return undefined;
  if (char !== '\\') {
    const { code, size } = runeAt(inside, at);
    // A broken byte stays the byte it is.
    return size === 1
      ? { code: inside.charCodeAt(at), isByte: true, next: at + 1 }
      : { code, isByte: false, next: at + size };
  }
  const letter = inside.charAt(at + 1);
  const known = simple.get(letter);
  if (known !== undefined) return { code: known, isByte: false, next: at + 2 };
  if (letter === delimiter) return { code: letter.charCodeAt(0), isByte: false, next: at + 2 };
  return numericEscape(inside, at + 1, letter);
}

function numericEscape(inside: string, at: number, letter: string): Unquoted | undefined {
  const width = hexDigits.get(letter);
  if (width === undefined) {
    const octal = inside.slice(at, at + 3);
    const code = Number.parseInt(octal, 8);
    return /^[0-7]{3}$/.test(octal) && code <= 0xff ? { code, isByte: true, next: at + 3 } : undefined;
  }
  const digits = inside.slice(at + 1, at + 1 + width);
  if (digits.length < width || !/^[0-9a-fA-F]+$/.test(digits)) return undefined;
  const code = Number.parseInt(digits, 16);
  const isByte = letter === 'x';
  if (!isByte && (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))) return undefined;
  return { code, isByte, next: at + 1 + width };
}
