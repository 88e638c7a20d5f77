import { sprintValue } from '../../format/print.ts';
import { ownText } from '../../format/printer.ts';
import type { Meter } from '../../value/meter.ts';
import { type Any, GoSlice } from '../../value/value.ts';

/** A value as text, sprig's `toString`. */
export function strval(meter: Meter, value: Any): string {
  if (typeof value === 'string') return value;
  return (value === null ? undefined : ownText(value)) ?? sprintValue(meter, value);
}

/** A value as a list of texts, sprig's `toStrings`: nil elements are left out, what is no list is its only element. */
export function strvals(meter: Meter, value: Any): string[] {
  if (value === null) return [];
  if (!(value instanceof GoSlice)) return [strval(meter, value)];
  meter.step(value.items.length);
  return value.items.filter((item) => item !== null).map((item) => strval(meter, item));
}
