import { encodeRune, runeAt, runeError } from '../value/runes.ts';
import { isPrint } from '../value/unicode.ts';

const named: ReadonlyMap<number, string> = new Map([
  [0x07, '\\a'],
  [0x08, '\\b'],
  [0x0c, '\\f'],
  [0x0a, '\\n'],
  [0x0d, '\\r'],
  [0x09, '\\t'],
  [0x0b, '\\v'],
]);

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');

/** A string as a Go string literal in double quotes, `%q`; with `asciiOnly` as `%+q`. */
export function quote(bytes: string, asciiOnly = false): string {
  let quoted = '"';
  for (let at = 0; at < bytes.length; ) {
    const { code, size } = runeAt(bytes, at);
    quoted +=
      code === runeError && size === 1 ? `\\x${hex(bytes.charCodeAt(at), 2)}` : escapeRune(code, 0x22, asciiOnly);
    at += size;
  }
  return `${quoted}"`;
}

/** A code point as a Go character literal. */
export function quoteRune(code: number, asciiOnly = false): string {
  const valid = code >= 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
  return `'${escapeRune(valid ? code : runeError, 0x27, asciiOnly)}'`;
}

function escapeRune(code: number, delimiter: number, asciiOnly: boolean): string {
  if (code === delimiter || code === 0x5c) return `\\${String.fromCharCode(code)}`;
  if (asciiOnly ? code < 0x80 && isPrint(code) : isPrint(code)) return encodeRune(code);
  const name = named.get(code);
  if (name !== undefined) return name;
  if (code < 0x20 || code === 0x7f) return `\\x${hex(code, 2)}`;
  return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
}

/** True when a string can stand between backquotes unchanged. */
export function canBackquote(bytes: string): boolean {
  for (let at = 0; at < bytes.length; ) {
    const { code, size } = runeAt(bytes, at);
    const control = code < 0x20 && code !== 0x09;
    if (control || code === 0x60 || code === 0x7f || code === 0xfeff || (code === runeError && size === 1))
      return false;
    at += size;
  }
  return true;
}
