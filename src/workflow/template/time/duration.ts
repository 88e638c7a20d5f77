import { bytesOf } from '../value/bytes.ts';
import { GoError } from '../value/error.ts';
import { GoType } from '../value/type.ts';
import { GoInteger } from '../value/value.ts';
import { quoteAscii as quote } from './quote.ts';

export const nanosecond = 1n;
export const second = 1_000_000_000n;
export const minute = 60n * second;
export const hour = 60n * minute;

const units: ReadonlyMap<string, bigint> = new Map([
  ['ns', nanosecond],
  ['us', 1000n],
  ['\xc2\xb5s', 1000n],
  ['\xce\xbcs', 1000n],
  ['ms', 1_000_000n],
  ['s', second],
  ['m', minute],
  ['h', hour],
]);

const limit = 2n ** 63n;

/** Go's `time.Duration`: nanoseconds. */
export const durationType = new GoType('int64', 'time.Duration', { text: formatDuration });

export function durationValue(nanoseconds: bigint): GoInteger {
  return new GoInteger(BigInt.asIntN(64, nanoseconds), durationType);
}

function fraction(value: bigint, digits: number): string {
  const text = value.toString().padStart(digits + 1, '0');
  const decimals = text.slice(-digits).replace(/0+$/, '');
  return text.slice(0, -digits) + (decimals === '' ? '' : `.${decimals}`);
}

/** `1h2m3.5s`. */
export function formatDuration(nanoseconds: bigint): string {
  const sign = nanoseconds < 0n ? '-' : '';
  const value = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  if (value === 0n) return '0s';
  if (value < 1000n) return `${sign}${value}ns`;
  if (value < 1_000_000n) return `${sign}${fraction(value, 3)}${bytesOf('µs')}`;
  if (value < second) return `${sign}${fraction(value, 6)}ms`;
  const seconds = `${fraction(value % minute, 9)}s`;
  if (value < minute) return sign + seconds;
  const minutes = `${(value / minute) % 60n}m${seconds}`;
  return value < hour ? sign + minutes : `${sign}${value / hour}h${minutes}`;
}

function invalid(text: string, what = 'invalid duration'): GoError {
  return new GoError(`time: ${what} ${quote(text)}`);
}

/** `time.ParseDuration`. */
export function parseDuration(text: string): bigint {
  const [, sign = '', body = ''] = /^([-+]?)(.*)$/s.exec(text) ?? [];
  if (body === '0') return 0n;
  if (body === '') throw invalid(text);
  let total = 0n;
  for (let rest = body; rest !== ''; ) {
    const { length, value } = parsePart(text, rest);
    total += value;
    if (total > limit) throw invalid(text);
    rest = rest.slice(length);
  }
  if (sign === '-') return -total;
  if (total >= limit) throw invalid(text);
  return total;
}

/** One number with its unit. */
function parsePart(text: string, rest: string): { length: number; value: bigint } {
  const [all = '', whole = '', decimals = '', unit = ''] = /^([0-9]*)(?:\.([0-9]*))?([^.0-9]*)/.exec(rest) ?? [];
  if (whole === '' && decimals === '') throw invalid(text);
  if (unit === '') throw invalid(text, 'missing unit in duration');
  const size = units.get(unit);
  if (size === undefined) throw invalid(text, `unknown unit ${quote(unit)} in duration`);
  // Through a float, as Go does it: what is lost there is lost here.
  const part = decimals === '' ? 0 : Math.trunc(Number(decimals) * (Number(size) / 10 ** decimals.length));
  return { length: all.length, value: BigInt(whole === '' ? 0 : whole) * size + BigInt(part) };
}
