import { runesOf } from '../value/runes.ts';
import { isDigit, isLetter } from '../value/unicode.ts';

/** The order in which yaml.v2 writes keys: numbers inside of them by their value, everything else before letters. */
export function compareKeys(first: string, second: string): number {
  const a = runesOf(first);
  const b = runesOf(second);
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [x = 0, y = 0] = [a[i], b[i]];
    if (x !== y) return compareAt(a, b, i, x, y);
  }
  return a.length - b.length;
}

function compareAt(a: readonly number[], b: readonly number[], at: number, x: number, y: number): number {
  const letters = [isLetter(x), isLetter(y)];
  if (letters[0] && letters[1]) return x - y;
  if (letters[0] || letters[1]) return letters[1] ? -1 : 1;
  const lead = (x === 0x30 || y === 0x30) && followsDigits(a, at) ? 1n : 0n;
  const left = numberFrom(a, at, lead);
  const right = numberFrom(b, at, lead);
  if (left.value !== right.value) return left.value < right.value ? -1 : 1;
  return left.end === right.end ? x - y : left.end - right.end;
}

/** True when the digits before a place are more than zeros. */
function followsDigits(runes: readonly number[], at: number): boolean {
  for (let i = at - 1; i >= 0 && isDigit(runes[i] ?? 0); i--) if (runes[i] !== 0x30) return true;
  return false;
}

function numberFrom(runes: readonly number[], start: number, lead: bigint): { value: bigint; end: number } {
  let value = lead;
  let end = start;
  for (; end < runes.length && isDigit(runes[end] ?? 0); end++) {
    value = BigInt.asIntN(64, value * 10n + BigInt((runes[end] ?? 0) - 0x30));
  }
  return { value, end };
}
