import { any, type Call, fn } from '../../value/function.ts';
import { strings } from '../../value/make.ts';
import { int, string } from '../../value/params.ts';
import { runeAt } from '../../value/runes.ts';
import { stringMap, stringSlice } from '../../value/type.ts';
import { compareBytes, GoMap, GoSlice } from '../../value/value.ts';
import { strval, strvals } from './strval.ts';

/** `strings.SplitN`; -1 for all parts, `undefined` for Go's nil. */
export function split(call: Call, text: string, separator: string, count = -1): string[] | undefined {
  if (count === 0) return undefined;
  const parts = separator === '' ? explode(text, count) : text.split(separator);
  call.meter.step(parts.length);
  call.meter.grow(text.length + 16 * parts.length);
  if (separator === '' || count < 0 || parts.length <= count) return parts;
  return [...parts.slice(0, count - 1), parts.slice(count - 1).join(separator)];
}

/** One part a rune. */
function explode(text: string, count: number): string[] {
  const parts: string[] = [];
  let at = 0;
  while (at < text.length && (count < 0 || parts.length < count - 1)) {
    const { size } = runeAt(text, at);
    parts.push(text.slice(at, at + size));
    at += size;
  }
  if (at < text.length) parts.push(text.slice(at));
  return parts;
}

/** Parts as a map `_0`, `_1`, … */
function numbered(parts: readonly string[]): GoMap {
  return new GoMap(new Map(parts.map((part, i) => [`_${i}`, part])), stringMap);
}

/** `strings.Replace` of every occurrence; an empty text occurs before every rune and at the end. */
function replace(call: Call, old: string, by: string, text: string): string {
  const parts = old === '' ? ['', ...explode(text, -1), ''] : text.split(old);
  call.meter.step(parts.length);
  call.meter.grow(text.length + parts.length * by.length);
  return parts.join(by);
}

export const textSplits = {
  split: fn([string, string], (call, separator, text) => numbered(split(call, text, separator) ?? [])),
  splitn: fn([string, int, string], (call, separator, count, text) =>
    numbered(split(call, text, separator, count) ?? []),
  ),
  splitList: fn([string, string], (call, separator, text) => strings(split(call, text, separator) ?? [])),
  join: fn([string, any], (call, separator, value) => {
    const parts = strvals(call.meter, value);
    call.meter.grow(parts.reduce((sum, part) => sum + part.length + separator.length, 0));
    return parts.join(separator);
  }),
  replace: fn([string, string, string], replace),
  toStrings: fn([any], (call, value) =>
    value instanceof GoSlice && value.type === stringSlice ? value : strings(strvals(call.meter, value)),
  ),
  sortAlpha: fn([any], (call, value) => {
    if (!(value instanceof GoSlice)) return strings([strval(call.meter, value)]);
    call.meter.step(value.items.length * 4);
    // A list of strings is sorted in place, as in the original; of any other list a copy is.
    if (value.type === stringSlice) {
      value.sort((a, b) => (typeof a === 'string' && typeof b === 'string' ? compareBytes(a, b) : 0));
      return value;
    }
    return strings(strvals(call.meter, value).sort(compareBytes));
  }),
};
