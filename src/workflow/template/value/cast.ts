import { fitsInt64, parseFloat64, parseInteger } from '../format/parse-number.ts';
import { indirect } from './inspect.ts';
import { type Any, GoInteger, unbox, type Value } from './value.ts';

const lowest = -(2n ** 63n);

/** Sprig's lenient conversion to an integer: what is none is 0. */
export function toInt64(value: Any): bigint {
  const opened = pointedTo(value);
  if (opened instanceof GoInteger) return BigInt.asIntN(64, opened.value);
  if (typeof opened === 'number') return truncated(opened);
  if (typeof opened === 'boolean') return opened ? 1n : 0n;
  if (typeof opened !== 'string') return 0n;
  const parsed = parseInteger(opened.replace(/\.0+$/, ''), 0);
  return parsed !== undefined && fitsInt64(parsed) ? parsed : 0n;
}

/** Sprig's lenient conversion to a float: what is none is 0. */
export function toFloat64(value: Any): number {
  const opened = pointedTo(value);
  if (opened instanceof GoInteger) return Number(opened.value);
  if (typeof opened === 'number') return opened;
  if (typeof opened === 'boolean') return opened ? 1 : 0;
  return typeof opened === 'string' ? (parseFloat64(opened) ?? 0) : 0;
}

/** `int64(f)`: towards zero; what does not fit is the lowest integer, as on the processors Go runs on here. */
function truncated(value: number): bigint {
  if (!Number.isFinite(value)) return lowest;
  const whole = BigInt(Math.trunc(value));
  return fitsInt64(whole) ? whole : lowest;
}

function pointedTo(value: Any): Value | undefined {
  return value === null ? undefined : unbox(indirect(value).value);
}
