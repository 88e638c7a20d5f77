import { shortestDigits } from '../../format/decimal-digits.ts';
import { formatFloat } from '../../format/float.ts';
import { GoError } from '../../value/error.ts';

/** An exact decimal number: coefficient × 10^exponent. */
export interface Decimal {
  readonly coefficient: bigint;
  readonly exponent: number;
}

/** Digits after the point of a quotient. */
const quotientDigits = 16;

/** The decimal that a float is written as. */
export function decimalOf(value: number): Decimal {
  if (!Number.isFinite(value)) throw new GoError(`Cannot create a Decimal from ${formatFloat(value, 'g', -1)}`);
  const { digits, point } = shortestDigits(value);
  const coefficient = BigInt(digits === '' ? 0 : digits);
  return { coefficient: value < 0 ? -coefficient : coefficient, exponent: point - digits.length };
}

/** The float nearest to a decimal. */
export function floatOf({ coefficient, exponent }: Decimal): number {
  return Number(`${coefficient}e${exponent}`);
}

function rescaled({ coefficient, exponent }: Decimal, to: number): bigint {
  return coefficient * 10n ** BigInt(exponent - to);
}

export function add(a: Decimal, b: Decimal): Decimal {
  const exponent = Math.min(a.exponent, b.exponent);
  return { coefficient: rescaled(a, exponent) + rescaled(b, exponent), exponent };
}

export function subtract(a: Decimal, b: Decimal): Decimal {
  return add(a, { ...b, coefficient: -b.coefficient });
}

export function multiply(a: Decimal, b: Decimal): Decimal {
  return { coefficient: a.coefficient * b.coefficient, exponent: a.exponent + b.exponent };
}

/** Rounded to 16 digits after the point, halves away from zero. */
export function divide(a: Decimal, b: Decimal): Decimal {
  if (b.coefficient === 0n) throw new GoError('decimal division by 0');
  const shift = a.exponent - b.exponent + quotientDigits;
  const top = shift > 0 ? a.coefficient * 10n ** BigInt(shift) : a.coefficient;
  const bottom = shift < 0 ? b.coefficient * 10n ** BigInt(-shift) : b.coefficient;
  const quotient = top / bottom;
  const rest = absolute(top % bottom) * 2n;
  const away = top < 0n === bottom < 0n ? 1n : -1n;
  return { coefficient: rest >= absolute(bottom) ? quotient + away : quotient, exponent: -quotientDigits };
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}
