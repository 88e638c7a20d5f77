import type { Meter } from '../value/meter.ts';
import { runeCount } from '../value/runes.ts';

/** Flags, width and precision of one verb. */
export interface Flags {
  width: number | undefined;
  precision: number | undefined;
  plus: boolean;
  minus: boolean;
  sharp: boolean;
  space: boolean;
  zero: boolean;
  /** `%+v`. */
  plusV: boolean;
  /** `%#v`. */
  sharpV: boolean;
}

export function noFlags(): Flags {
  return {
    width: undefined,
    precision: undefined,
    plus: false,
    minus: false,
    sharp: false,
    space: false,
    zero: false,
    plusV: false,
    sharpV: false,
  };
}

/** Fills text up to the width. Zeros only ever go to the left. */
export function pad(text: string, flags: Flags, meter: Meter, zero = flags.zero): string {
  const missing = (flags.width ?? 0) - runeCount(text);
  if (missing <= 0) return text;
  meter.grow(missing);
  const fill = (zero && !flags.minus ? '0' : ' ').repeat(missing);
  return flags.minus ? text + fill : fill + text;
}
