/** Parsing of numbers as `strconv` does it. `undefined` when the text is no number. */
const forms: Readonly<Record<number, RegExp>> = {
  2: /^[01]+$/,
  8: /^[0-7]+$/,
  10: /^[0-9]+$/,
  16: /^[0-9a-f]+$/,
};

const prefixes: Readonly<Record<number, string>> = { 2: '0b', 8: '0o', 10: '', 16: '0x' };

/** An integer of any size. Base 0 reads Go's prefixes (`0x`, `0o`, `0b`, a leading `0`) and underscores. */
export function parseInteger(text: string, base: 0 | 8 | 10): bigint | undefined {
  const [, sign = '', body = ''] = /^([+-]?)(.*)$/s.exec(text.toLowerCase()) ?? [];
  if (base !== 0) return convert(sign, body, base);
  const [, letter = ''] = /^0([box])/.exec(body) ?? [];
  const found = letter === 'b' ? 2 : letter === 'x' ? 16 : letter === 'o' || /^0./.test(body) ? 8 : 10;
  const digits = letter === '' ? (found === 8 ? body.slice(1) : body) : body.slice(2);
  if (!digits.includes('_')) return convert(sign, digits, found);
  // An underscore stands between digits, or between prefix and digits.
  const separated = /^_?[0-9a-f]+(?:_[0-9a-f]+)*$/.test(digits) && (found !== 10 || !digits.startsWith('_'));
  return separated ? convert(sign, digits.replaceAll('_', ''), found) : undefined;
}

function convert(sign: string, digits: string, base: number): bigint | undefined {
  if (!forms[base]?.test(digits)) return undefined;
  const value = BigInt(`${prefixes[base]}${digits}`);
  return sign === '-' ? -value : value;
}

/** True when an integer fits into 64 bits with sign. */
export function fitsInt64(value: bigint): boolean {
  return value === BigInt.asIntN(64, value);
}

const decimal = /^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:e[+-]?[0-9]+)?$/i;
const hexadecimal = /^([+-]?)0x([0-9a-f]*)(?:\.([0-9a-f]*))?p([+-]?[0-9]+)$/i;
const special = /^[+-]?(?:inf|infinity|nan)$/i;

/** A float64. Values out of range are no numbers, as in `strconv`. */
export function parseFloat64(text: string): number | undefined {
  if (special.test(text)) return /nan/i.test(text) ? Number.NaN : text.startsWith('-') ? -Infinity : Infinity;
  const digits = withoutUnderscores(text);
  const hex = hexadecimal.exec(digits);
  if (hex !== null) return parseHexFloat(hex);
  if (!decimal.test(digits)) return undefined;
  const value = Number(digits);
  return Number.isFinite(value) ? value : undefined;
}

/** Underscores may stand between digits, and after a base prefix; anywhere else they stay and make the text no number. */
function withoutUnderscores(text: string): string {
  const isHex = /^[+-]?0x/i.test(text);
  return text.replace(isHex ? /(?<=[0-9a-fx])_(?=[0-9a-f])/gi : /(?<=[0-9])_(?=[0-9])/g, '');
}

function parseHexFloat([, sign, whole = '', fraction = '', exponent = '0']: RegExpExecArray): number | undefined {
  if (whole === '' && fraction === '') return undefined;
  const mantissa = BigInt(`0x${whole}${fraction}`);
  const power = Number(exponent) - 4 * fraction.length;
  const value = Math.abs(power) > 5000 ? (power > 0 && mantissa !== 0n ? Infinity : 0) : scaled(mantissa, power);
  if (!Number.isFinite(value)) return undefined;
  return sign === '-' ? -value : value;
}

/** mantissa × 2^power, rounded once. */
function scaled(mantissa: bigint, power: number): number {
  if (power >= 0) return Number(mantissa << BigInt(power));
  const shift = BigInt(-power);
  const length = BigInt(mantissa.toString(2).length);
  // As many bits as survive in the result; what is cut off only matters as being there or not.
  const keep = 66n;
  const drop = length > keep ? length - keep : 0n;
  const kept = mantissa >> drop;
  const sticky = kept << drop === mantissa ? kept : kept | 1n;
  return Number(sticky) * 2 ** Number(drop - shift);
}
