import type { Meter } from '../value/meter.ts';
import { encodeRune, runeError } from '../value/runes.ts';
import { isPrint } from '../value/unicode.ts';
import { type Flags, pad } from './flags.ts';
import { quoteRune } from './quote.ts';

const bases: Readonly<Record<string, number>> = { d: 10, v: 10, b: 2, o: 8, O: 8, x: 16, X: 16 };

/** An integer by a verb; `undefined` when the verb is none for integers. */
export function formatInteger(
  value: bigint,
  isSigned: boolean,
  verb: string,
  flags: Flags,
  meter: Meter,
): string | undefined {
  if (verb === 'v' && flags.sharpV && !isSigned) return formatDigits(value, 16, 'v', { ...flags, sharp: true }, meter);
  const base = Object.hasOwn(bases, verb) ? bases[verb] : undefined;
  if (base !== undefined) return formatDigits(value, base, verb, flags, meter);
  const unsigned = BigInt.asUintN(64, value);
  const code = unsigned > 0x10ffffn ? runeError : Number(unsigned);
  switch (verb) {
    case 'c':
      return pad(encodeRune(code), flags, meter);
    case 'q':
      return pad(quoteRune(code, flags.plus), flags, meter);
    case 'U':
      return formatUnicode(unsigned, flags, meter);
    default:
      return undefined;
  }
}

function formatDigits(value: bigint, base: number, verb: string, flags: Flags, meter: Meter): string {
  const negative = value < 0n;
  const { width = 0, precision } = flags;
  // Nothing at all is how Go writes a zero that may have no digits.
  if (precision === 0 && value === 0n) return pad('', flags, meter, false);
  const sign = negative ? '-' : flags.plus ? '+' : flags.space ? ' ' : '';
  let digits = (negative ? -value : value).toString(base);
  if (verb === 'X') digits = digits.toUpperCase();
  const zeros = precision ?? (flags.zero && !flags.minus ? width - sign.length : 0);
  if (zeros > digits.length) {
    meter.grow(zeros);
    digits = digits.padStart(zeros, '0');
  }
  return pad(sign + prefixOf(base, verb, flags, digits) + digits, flags, meter, false);
}

function prefixOf(base: number, verb: string, { sharp }: Flags, digits: string): string {
  if (verb === 'O') return sharp && !digits.startsWith('0') ? '0o0' : '0o';
  if (!sharp) return '';
  if (base === 16) return verb === 'X' ? '0X' : '0x';
  if (base === 2) return '0b';
  return base === 8 && !digits.startsWith('0') ? '0' : '';
}

function formatUnicode(value: bigint, flags: Flags, meter: Meter): string {
  const digits = Math.max(flags.precision ?? 0, 4);
  meter.grow(digits);
  const hex = `U+${value.toString(16).toUpperCase().padStart(digits, '0')}`;
  const shown = flags.sharp && value <= 0x10ffffn && isPrint(Number(value));
  return pad(shown ? `${hex} '${encodeRune(Number(value))}'` : hex, flags, meter, false);
}
