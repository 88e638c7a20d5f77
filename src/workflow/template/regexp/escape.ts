import type { Reader } from './reader.ts';
import { syntaxError } from './syntax.ts';

const named: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };

/** The character that an escape stands for; the backslash is next. */
export function parseEscape(reader: Reader): number {
  const start = reader.at;
  reader.at++;
  if (reader.done) throw syntaxError('trailing backslash at end of expression', '');
  const code = reader.rune();
  const char = code < 0x80 ? String.fromCharCode(code) : '';
  const found =
    octal(reader, char) ?? hexadecimal(reader, char) ?? (Object.hasOwn(named, char) ? named[char] : undefined);
  if (found !== undefined) return found;
  // Everything that is no letter and no digit may be escaped, needed or not.
  if (char !== '' && !/^[A-Za-z0-9]$/.test(char)) return code;
  throw syntaxError('invalid escape sequence', reader.since(start));
}

/** A single digit other than zero would refer back to a group, which there is none of. */
function octal(reader: Reader, first: string): number | undefined {
  if (!/^[0-7]$/.test(first) || (first !== '0' && !/^[0-7]$/.test(reader.char))) return undefined;
  let code = Number(first);
  for (let i = 0; i < 2 && /^[0-7]$/.test(reader.char); i++)
    code = code * 8 + Number(String.fromCharCode(reader.rune()));
  return code;
}

function hexadecimal(reader: Reader, letter: string): number | undefined {
  if (letter !== 'x' || reader.done) return undefined;
  if (reader.take('{')) return braced(reader);
  const high = hexDigit(reader);
  const low = hexDigit(reader);
  return high === undefined || low === undefined ? undefined : high * 16 + low;
}

function braced(reader: Reader): number | undefined {
  let code = 0;
  for (let digits = 0; ; digits++) {
    if (reader.take('}')) return digits === 0 ? undefined : code;
    const digit = hexDigit(reader);
    if (digit === undefined) return undefined;
    code = code * 16 + digit;
    if (code > 0x10ffff) return undefined;
  }
}

function hexDigit(reader: Reader): number | undefined {
  if (reader.done) return undefined;
  const digit = Number.parseInt(String.fromCodePoint(reader.rune()), 16);
  return Number.isNaN(digit) ? undefined : digit;
}
