/** Classes and cases of code points, as Go's package unicode has them. */
const letter = /^\p{L}$/u;
const digit = /^\p{Nd}$/u;
const number = /^\p{N}$/u;
const upper = /^\p{Lu}$/u;
const lower = /^\p{Ll}$/u;
const titleCase = /^\p{Lt}$/u;
const punctuation = /^\p{P}$/u;
const graphic = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;
const space = /^[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$/;

const test = (pattern: RegExp) => (code: number) => pattern.test(String.fromCodePoint(code));

export const isLetter = test(letter);
export const isDigit = test(digit);
export const isNumber = test(number);
export const isUpper = test(upper);
export const isLower = test(lower);
export const isTitle = test(titleCase);
export const isPunct = test(punctuation);
/** Letters, marks, numbers, punctuation, symbols and the ASCII space: what `%q` leaves as it is. */
export const isPrint = (code: number) =>
  code < 0x7f ? code >= 0x20 : code > 0xa0 && code !== 0xad && test(graphic)(code);
export const isSpace = test(space);

/** One code point to one code point, as Go maps case: letters whose other case has several keep theirs. */
function single(code: number, mapped: string): number {
  const first = mapped.codePointAt(0) ?? code;
  return mapped.length === String.fromCodePoint(first).length ? first : code;
}

export function toUpper(code: number): number {
  if (code < 0x80) return code >= 0x61 && code <= 0x7a ? code - 0x20 : code;
  return single(code, String.fromCodePoint(code).toUpperCase());
}

export function toLower(code: number): number {
  if (code < 0x80) return code >= 0x41 && code <= 0x5a ? code + 0x20 : code;
  // The one letter whose lower case JavaScript writes with a combining dot.
  return code === 0x130 ? 0x69 : single(code, String.fromCodePoint(code).toLowerCase());
}

/** The digraphs that have a third case between upper and lower. */
const titles: ReadonlyMap<number, number> = new Map(
  [0x1c5, 0x1c8, 0x1cb, 0x1f2].flatMap((code) => [
    [code - 1, code],
    [code, code],
    [code + 1, code],
  ]),
);

export function toTitle(code: number): number {
  return titles.get(code) ?? toUpper(code);
}
