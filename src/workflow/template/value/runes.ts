import { isAscii } from './bytes.ts';

/** What a broken byte decodes to. */
export const runeError = 0xfffd;

/** A code point and how many bytes it took; a broken byte is U+FFFD of size 1. */
export interface Rune {
  readonly code: number;
  readonly size: number;
}

const broken: Rune = { code: runeError, size: 1 };
const asciiRunes: readonly Rune[] = Array.from({ length: 0x80 }, (_, code) => ({ code, size: 1 }));

/** The rune at a byte offset that is inside the string. */
export function runeAt(bytes: string, at: number): Rune {
  const first = bytes.charCodeAt(at);
  const single = asciiRunes[first];
  if (single !== undefined) return single;
  if (first < 0xc2 || first > 0xf4) return broken;
  const size = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  let code = first & (0xff >> (size + 1));
  for (let next = 1; next < size; next++) {
    const byte = bytes.charCodeAt(at + next);
    // Past the end charCodeAt is NaN, which is no continuation byte either.
    if ((byte & 0xc0) !== 0x80) return broken;
    code = (code << 6) | (byte & 0x3f);
  }
  return isWellFormed(code, size) ? { code, size } : broken;
}

/** No surrogates, nothing beyond Unicode, no longer form than needed. */
function isWellFormed(code: number, size: number): boolean {
  if (size === 3) return code >= 0x800 && (code < 0xd800 || code > 0xdfff);
  return size === 2 || (code >= 0x10000 && code <= 0x10ffff);
}

/** The last rune of what lies before a byte offset greater than zero. */
export function runeBefore(bytes: string, end: number): Rune {
  for (let size = 1; size <= 4 && size <= end; size++) {
    if ((bytes.charCodeAt(end - size) & 0xc0) === 0x80) continue;
    const rune = runeAt(bytes.slice(0, end), end - size);
    return rune.size === size ? rune : broken;
  }
  return broken;
}

/** All code points of a string. */
export function runesOf(bytes: string): number[] {
  const codes: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const { code, size } = runeAt(bytes, at);
    codes.push(code);
    at += size;
  }
  return codes;
}

/** How many runes a string has. */
export function runeCount(bytes: string): number {
  return isAscii(bytes) ? bytes.length : runesOf(bytes).length;
}

/** The UTF-8 bytes of a code point; of what is none, those of U+FFFD. */
export function encodeRune(code: number): string {
  if (code >= 0 && code < 0x80) return String.fromCharCode(code);
  const invalid = code < 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) || !Number.isInteger(code);
  return Buffer.from(String.fromCodePoint(invalid ? runeError : code), 'utf8').toString('latin1');
}

/** The bytes of a row of code points. */
export function encodeRunes(codes: readonly number[]): string {
  let bytes = '';
  for (const code of codes) bytes += encodeRune(code);
  return bytes;
}

/** A string with every rune replaced by what `map` makes of it. */
export function mapRunes(bytes: string, map: (code: number) => number): string {
  let mapped = '';
  for (let at = 0; at < bytes.length; ) {
    const { code, size } = runeAt(bytes, at);
    mapped += encodeRune(map(code));
    at += size;
  }
  return mapped;
}

/** True when a string is UTF-8 throughout. */
export function isValidUtf8(bytes: string): boolean {
  for (let at = 0; at < bytes.length; ) {
    const { code, size } = runeAt(bytes, at);
    if (code === runeError && size === 1) return false;
    at += size;
  }
  return true;
}
