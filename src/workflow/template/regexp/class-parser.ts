import { perlClass, posixClass, rangeSet, unicodeClass } from './char-class.ts';
import { parseEscape } from './escape.ts';
import { folded } from './fold.ts';
import type { Reader } from './reader.ts';
import { type CharSet, syntaxError } from './syntax.ts';

/** `\pL`, `\p{Greek}`, `\P{^Lu}` when one is next. */
export function parseUnicodeClass(reader: Reader, fold: boolean): CharSet | undefined {
  const start = reader.at;
  const negate = reader.looksAt('\\P');
  if (!negate && !reader.looksAt('\\p')) return undefined;
  reader.at += 2;
  if (reader.done) throw syntaxError('invalid character class range', reader.text.slice(start));
  const name = unicodeName(reader, start);
  const set = unicodeClass(name, negate, fold);
  if (set === undefined) throw syntaxError('invalid character class range', reader.since(start));
  return set;
}

function unicodeName(reader: Reader, start: number): string {
  const from = reader.at;
  if (!reader.take('{')) {
    reader.rune();
    return reader.since(from);
  }
  const end = reader.text.indexOf('}', reader.at);
  if (end < 0) throw syntaxError('invalid character class range', reader.text.slice(start));
  reader.at = end + 1;
  return reader.text.slice(from + 1, end);
}

/** `\d` and its like when one is next. */
export function parsePerlClass(reader: Reader, fold: boolean): CharSet | undefined {
  if (reader.char !== '\\') return undefined;
  const set = perlClass(reader.text.charAt(reader.at + 1), fold);
  if (set !== undefined) reader.at += 2;
  return set;
}

/** A class in brackets; the opening one is next. */
export function parseClass(reader: Reader, fold: boolean): CharSet {
  const start = reader.at;
  reader.at++;
  const negate = reader.take('^');
  const sets: CharSet[] = [];
  do {
    sets.push(parseMember(reader, start, fold));
  } while (reader.char !== ']');
  reader.at++;
  return negate ? (code) => !sets.some((set) => set(code)) : (code) => sets.some((set) => set(code));
}

function parseMember(reader: Reader, start: number, fold: boolean): CharSet {
  return (
    parsePosixClass(reader, fold) ??
    parseUnicodeClass(reader, fold) ??
    parsePerlClass(reader, fold) ??
    parseRange(reader, start, fold)
  );
}

function parsePosixClass(reader: Reader, fold: boolean): CharSet | undefined {
  const end = reader.looksAt('[:') ? reader.text.indexOf(':]', reader.at + 2) : -1;
  if (end < 0) return undefined;
  const start = reader.at;
  reader.at = end + 2;
  const set = posixClass(reader.text.slice(start + 2, end), fold);
  if (set === undefined) throw syntaxError('invalid character class range', reader.since(start));
  return set;
}

function parseRange(reader: Reader, start: number, fold: boolean): CharSet {
  const from = reader.at;
  const low = classChar(reader, start);
  const isRange =
    reader.char === '-' && reader.at + 1 < reader.text.length && reader.text.charAt(reader.at + 1) !== ']';
  if (isRange) reader.at++;
  const high = isRange ? classChar(reader, start) : low;
  if (high < low) throw syntaxError('invalid character class range', reader.since(from));
  const set = rangeSet([low, high]);
  return fold ? folded(set) : set;
}

function classChar(reader: Reader, start: number): number {
  if (reader.done) throw syntaxError('missing closing ]', reader.text.slice(start));
  return reader.char === '\\' ? parseEscape(reader) : reader.rune();
}
