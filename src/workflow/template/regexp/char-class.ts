import { folded } from './fold.ts';
import type { CharSet } from './syntax.ts';

type Range = readonly [number, number];

/** A set of ranges of code points. */
export function rangeSet(...ranges: readonly Range[]): CharSet {
  return (code) => ranges.some(([low, high]) => code >= low && code <= high);
}

export const none: CharSet = () => false;

const digits: Range = [0x30, 0x39];
const upper: Range = [0x41, 0x5a];
const lower: Range = [0x61, 0x7a];

const perl: ReadonlyMap<string, CharSet> = new Map([
  ['d', rangeSet(digits)],
  ['s', rangeSet([0x09, 0x0a], [0x0c, 0x0d], [0x20, 0x20])],
  ['w', rangeSet(digits, upper, [0x5f, 0x5f], lower)],
]);

const posix: ReadonlyMap<string, CharSet> = new Map([
  ['alnum', rangeSet(digits, upper, lower)],
  ['alpha', rangeSet(upper, lower)],
  ['ascii', rangeSet([0, 0x7f])],
  ['blank', rangeSet([0x09, 0x09], [0x20, 0x20])],
  ['cntrl', rangeSet([0, 0x1f], [0x7f, 0x7f])],
  ['digit', rangeSet(digits)],
  ['graph', rangeSet([0x21, 0x7e])],
  ['lower', rangeSet(lower)],
  ['print', rangeSet([0x20, 0x7e])],
  ['punct', rangeSet([0x21, 0x2f], [0x3a, 0x40], [0x5b, 0x60], [0x7b, 0x7e])],
  ['space', rangeSet([0x09, 0x0d], [0x20, 0x20])],
  ['upper', rangeSet(upper)],
  ['word', rangeSet(digits, upper, lower, [0x5f, 0x5f])],
  ['xdigit', rangeSet(digits, [0x41, 0x46], [0x61, 0x66])],
]);

/** `\d`, `\S` and their like by their letter. */
export function perlClass(letter: string, fold: boolean): CharSet | undefined {
  return signed(perl.get(letter.toLowerCase()), letter !== letter.toLowerCase(), fold);
}

/** `alpha`, `^digit` and their like by their name. */
export function posixClass(name: string, fold: boolean): CharSet | undefined {
  return signed(posix.get(name.replace(/^\^/, '')), name.startsWith('^'), fold);
}

/** A Unicode category or script by its name, upside down with a leading `^`. */
export function unicodeClass(name: string, negate: boolean, fold: boolean): CharSet | undefined {
  const isOpposite = name.startsWith('^');
  return signed(property(isOpposite ? name.slice(1) : name), negate !== isOpposite, fold);
}

function property(written: string): CharSet | undefined {
  if (!/^[A-Za-z_ -]+$/.test(written)) return undefined;
  // Names are found whatever their case, and whatever stands between their words.
  const name = written
    .split(/[_ -]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase())
    .join('_');
  if (name === 'Any') return () => true;
  if (name === 'Ascii') return rangeSet([0, 0x7f]);
  const pattern = compile(name) ?? compile(`Script=${name}`);
  return pattern === undefined ? undefined : (code) => pattern.test(String.fromCodePoint(code));
}

function compile(name: string): RegExp | undefined {
  // JavaScript knows these by other spellings.
  const spelled = name === 'Lc' ? 'LC' : name;
  try {
    return new RegExp(`^\\p{${spelled}}$`, 'u');
  } catch {
    return undefined;
  }
}

function signed(set: CharSet | undefined, negate: boolean, fold: boolean): CharSet | undefined {
  if (set === undefined) return undefined;
  const whole = fold ? folded(set) : set;
  return negate ? (code) => !whole(code) : whole;
}
