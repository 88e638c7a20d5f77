import { binaryParts, type DecimalDigits, roundedDigits, shortestDigits } from './decimal-digits.ts';

/** How `strconv.FormatFloat` is told to write a number; upper-case verbs are made by `toUpperCase`. */
export type FloatVerb = 'e' | 'f' | 'g' | 'b' | 'x';

/** A double as Go writes it; `precision` -1 takes as many digits as are needed. */
export function formatFloat(value: number, verb: FloatVerb, precision: number): string {
  if (Number.isNaN(value)) return 'NaN';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  if (!Number.isFinite(value)) return sign === '' ? '+Inf' : '-Inf';
  return sign + formatMagnitude(Math.abs(value), verb, precision);
}

function formatMagnitude(value: number, verb: FloatVerb, precision: number): string {
  switch (verb) {
    case 'e': {
      const digits = precision < 0 ? shortestDigits(value) : roundedDigits(value, () => precision + 1);
      return exponential(digits, precision < 0 ? Math.max(digits.digits.length - 1, 0) : precision);
    }
    case 'f': {
      const digits = precision < 0 ? shortestDigits(value) : roundedDigits(value, (point) => point + precision);
      return fixed(digits, precision < 0 ? Math.max(digits.digits.length - digits.point, 0) : precision);
    }
    case 'g':
      return general(value, precision);
    case 'b':
      return binary(value);
    case 'x':
      return hexadecimal(value, precision);
  }
}

function exponential({ digits, point }: DecimalDigits, precision: number): string {
  const first = digits.charAt(0) || '0';
  const rest = digits.slice(1, precision + 1).padEnd(precision, '0');
  const exponent = digits === '' ? 0 : point - 1;
  return `${first}${precision > 0 ? `.${rest}` : ''}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

function fixed({ digits, point }: DecimalDigits, precision: number): string {
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, '0') : '0';
  if (precision <= 0) return whole;
  const fraction = '0'.repeat(Math.max(-point, 0)) + digits.slice(Math.max(point, 0));
  return `${whole}.${fraction.slice(0, precision).padEnd(precision, '0')}`;
}

function general(value: number, precision: number): string {
  const shortest = precision < 0;
  const wanted = precision === 0 ? 1 : precision;
  const rounded = shortest ? shortestDigits(value) : roundedDigits(value, () => wanted);
  const digits = { digits: rounded.digits.replace(/0+$/, ''), point: rounded.point };
  const count = digits.digits.length;
  // A million as 1e+06 is what Go prints; a precision asked for moves the border.
  const limit = shortest ? 6 : wanted > count && count >= digits.point ? count : wanted;
  const exponent = digits.point - 1;
  if (count > 0 && (exponent < -4 || exponent >= limit)) return exponential(digits, count - 1);
  return fixed(digits, Math.max(count - digits.point, 0));
}

function binary(value: number): string {
  const { mantissa, exponent } = binaryParts(value);
  return `${mantissa}p${exponent < 0 ? '-' : '+'}${Math.abs(exponent)}`;
}

function hexadecimal(value: number, precision: number): string {
  let { mantissa, exponent } = binaryParts(value);
  if (mantissa === 0n) return `0x0${precision > 0 ? `.${'0'.repeat(precision)}` : ''}p+00`;
  const shift = 53 - mantissa.toString(2).length;
  mantissa <<= BigInt(shift);
  exponent += 52 - shift;
  if (precision >= 0 && precision < 13) {
    const drop = BigInt((13 - precision) * 4);
    const rest = mantissa & ((1n << drop) - 1n);
    mantissa >>= drop;
    const half = 1n << (drop - 1n);
    if (rest > half || (rest === half && (mantissa & 1n) === 1n)) mantissa += 1n;
    mantissa <<= drop;
    if (mantissa >> 53n !== 0n) {
      mantissa >>= 1n;
      exponent++;
    }
  }
  const fraction = (mantissa & 0xfffffffffffffn).toString(16).padStart(13, '0');
  const shown = precision < 0 ? fraction.replace(/0+$/, '') : fraction.slice(0, precision).padEnd(precision, '0');
  return `0x1${shown === '' ? '' : `.${shown}`}p${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}
