import type { Meter } from '../value/meter.ts';
import { runeAt } from '../value/runes.ts';
import { type Flags, pad } from './flags.ts';
import { canBackquote, quote } from './quote.ts';

/** A string by a verb; `undefined` when the verb is none for strings. */
export function formatString(value: string, verb: string, flags: Flags, meter: Meter): string | undefined {
  switch (verb) {
    case 'v':
      return flags.sharpV ? formatQuoted(value, flags, meter) : pad(truncate(value, flags.precision), flags, meter);
    case 's':
      return pad(truncate(value, flags.precision), flags, meter);
    case 'q':
      return formatQuoted(value, flags, meter);
    case 'x':
    case 'X':
      return formatBytes(value, verb, flags, meter);
    default:
      return undefined;
  }
}

/** The first runes of a string. */
function truncate(value: string, precision: number | undefined): string {
  if (precision === undefined || precision >= value.length) return value;
  let at = 0;
  for (let left = precision; left > 0 && at < value.length; left--) at += runeAt(value, at).size;
  return value.slice(0, at);
}

function formatQuoted(value: string, flags: Flags, meter: Meter): string {
  const shown = truncate(value, flags.precision);
  meter.grow(shown.length);
  return pad(flags.sharp && canBackquote(shown) ? `\`${shown}\`` : quote(shown, flags.plus), flags, meter);
}

function formatBytes(value: string, verb: string, flags: Flags, meter: Meter): string {
  const shown = flags.precision === undefined ? value : value.slice(0, flags.precision);
  meter.grow(4 * shown.length);
  const prefix = !flags.sharp || shown === '' ? '' : verb === 'X' ? '0X' : '0x';
  const bytes = Array.from(shown, (byte) => {
    const digits = byte.charCodeAt(0).toString(16).padStart(2, '0');
    return verb === 'X' ? digits.toUpperCase() : digits;
  });
  return pad(flags.space ? bytes.map((byte) => prefix + byte).join(' ') : prefix + bytes.join(''), flags, meter);
}
