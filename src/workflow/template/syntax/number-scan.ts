import { runeAt } from '../value/runes.ts';
import { isDigit, isLetter } from '../value/unicode.ts';

/** Where a number ends, and what it is; no kind when it is malformed. */
export interface ScannedNumber {
  readonly end: number;
  readonly kind: 'number' | 'complex' | undefined;
}

const prefixed =
  /[+-]?0(?:[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?|[oO][0-7_]*(?:\.[0-7_]*)?|[bB][01_]*(?:\.[01_]*)?)i?/y;
const plain = /[+-]?[0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?i?/y;

/** Scans a number. Lenient: what looks like one but is none is found when it is converted. */
export function scanNumber(input: string, start: number): ScannedNumber {
  const first = scanPart(input, start);
  if (first.kind === undefined) return first;
  const sign = input.charAt(first.end);
  if (sign !== '+' && sign !== '-') return first;
  const second = scanPart(input, first.end);
  const isComplex = second.kind !== undefined && input.charAt(second.end - 1) === 'i';
  return { end: second.end, kind: isComplex ? 'complex' : undefined };
}

function scanPart(input: string, start: number): ScannedNumber {
  const end = match(prefixed, input, start) ?? match(plain, input, start) ?? start;
  if (end < input.length) {
    const { code, size } = runeAt(input, end);
    if (code === 0x5f || isLetter(code) || isDigit(code)) return { end: end + size, kind: undefined };
  }
  return { end, kind: 'number' };
}

function match(pattern: RegExp, input: string, start: number): number | undefined {
  pattern.lastIndex = start;
  return pattern.test(input) ? pattern.lastIndex : undefined;
}
