import type { Meter } from '../value/meter.ts';
import type { GoComplex } from '../value/value.ts';
import { type Flags, pad } from './flags.ts';
import { type FloatVerb, formatFloat } from './float.ts';

interface FloatStyle {
  readonly verb: FloatVerb;
  readonly precision: number;
  readonly upper?: boolean;
}

const styles: ReadonlyMap<string, FloatStyle> = new Map([
  ['v', { verb: 'g', precision: -1 }],
  ['g', { verb: 'g', precision: -1 }],
  ['G', { verb: 'g', precision: -1, upper: true }],
  ['b', { verb: 'b', precision: -1 }],
  ['x', { verb: 'x', precision: -1 }],
  ['X', { verb: 'x', precision: -1, upper: true }],
  ['e', { verb: 'e', precision: 6 }],
  ['E', { verb: 'e', precision: 6, upper: true }],
  ['f', { verb: 'f', precision: 6 }],
  ['F', { verb: 'f', precision: 6 }],
]);

/** A float64 by a verb; `undefined` when the verb is none for floats. */
export function formatReal(value: number, verb: string, flags: Flags, meter: Meter): string | undefined {
  const style = styles.get(verb);
  if (style === undefined) return undefined;
  const precision = flags.precision ?? style.precision;
  meter.grow(Math.max(precision, 0));
  const plain = formatFloat(value, style.verb, precision);
  let text = style.upper ? plain.toUpperCase() : plain;
  const negative = text.startsWith('-');
  text = text.replace(/^[+-]/, '');
  const sign = negative ? '-' : flags.plus ? '+' : flags.space ? ' ' : '';
  // Infinity shows its sign even when nobody asked for signs.
  if (!Number.isFinite(value)) return pad((Number.isNaN(value) ? sign : sign || '+') + text, flags, meter, false);
  if (flags.sharp && style.verb !== 'b') text = withPoint(text, verb, precision, style.verb);
  const zeros = (flags.width ?? 0) - text.length - sign.length;
  if (flags.zero && !flags.minus && sign !== '' && zeros > 0) {
    meter.grow(zeros);
    return sign + '0'.repeat(zeros) + text;
  }
  return pad(sign + text, flags, meter);
}

/** `%#g` and its like: the point always, and the zeros that `%g` drops. */
function withPoint(text: string, verb: string, precision: number, style: FloatVerb): string {
  const [, mantissa = '', tail = ''] = (style === 'x' ? /^(.*?)(P.*|p.*)?$/ : /^(.*?)([eEpP].*)?$/).exec(text) ?? [];
  let missing = 0;
  if ('vgGx'.includes(verb)) {
    const significant = mantissa.replace('.', '').replace(/^0+/, '');
    missing = (precision < 0 ? 6 : precision) - (mantissa === '0' ? 1 : significant.length);
  }
  return `${mantissa}${mantissa.includes('.') ? '' : '.'}${'0'.repeat(Math.max(missing, 0))}${tail}`;
}

/** A complex128 by a verb; `undefined` when the verb is none for floats. */
export function formatComplex(value: GoComplex, verb: string, flags: Flags, meter: Meter): string | undefined {
  const real = formatReal(value.real, verb, flags, meter);
  const imaginary = formatReal(value.imaginary, verb, { ...flags, plus: true }, meter);
  return real === undefined ? undefined : `(${real}${imaginary}i)`;
}
