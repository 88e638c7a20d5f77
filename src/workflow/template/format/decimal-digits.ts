/** A positive number as decimal digits: 0.d1d2d3… × 10^point. */
export interface DecimalDigits {
  readonly digits: string;
  readonly point: number;
}

/** Mantissa and exponent of a finite double without its sign: mantissa × 2^exponent. */
export function binaryParts(value: number): { mantissa: bigint; exponent: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.abs(value));
  const bits = view.getBigUint64(0);
  const biased = Number(bits >> 52n);
  const fraction = bits & 0xfffffffffffffn;
  return biased === 0
    ? { mantissa: fraction, exponent: -1074 }
    : { mantissa: fraction | 0x10000000000000n, exponent: biased - 1075 };
}

/** The fewest digits that still name this double, as Go and JavaScript both choose them. */
export function shortestDigits(value: number): DecimalDigits {
  if (value === 0) return { digits: '', point: 0 };
  const [mantissa = '', exponent = '0'] = Math.abs(value).toExponential().split('e');
  return { digits: mantissa.replace('.', ''), point: Number(exponent) + 1 };
}

/** All digits of a double: every double has a finite decimal expansion. */
function exactDigits(value: number): DecimalDigits {
  const { mantissa, exponent } = binaryParts(value);
  if (mantissa === 0n) return { digits: '', point: 0 };
  const digits =
    exponent >= 0 ? (mantissa << BigInt(exponent)).toString() : (mantissa * 5n ** BigInt(-exponent)).toString();
  return { digits, point: digits.length + Math.min(exponent, 0) };
}

/** The exact expansion rounded to `count` digits, halves to even. */
export function roundedDigits(value: number, count: (point: number) => number): DecimalDigits {
  const { digits, point } = exactDigits(value);
  const keep = count(point);
  if (keep < 0) return { digits: '', point: 0 };
  if (keep >= digits.length) return { digits, point };
  const rest = digits.slice(keep);
  const last = keep === 0 ? 0 : Number(digits[keep - 1]);
  const isHalf = /^50*$/.test(rest);
  const up = isHalf ? last % 2 === 1 : rest.charAt(0) >= '5';
  if (!up) return { digits: digits.slice(0, keep), point };
  const increased = (BigInt(digits.slice(0, keep) || '0') + 1n).toString();
  // 999 became 1000: one digit more means the point moved.
  return { digits: increased, point: point + (increased.length - Math.max(keep, 0)) };
}
