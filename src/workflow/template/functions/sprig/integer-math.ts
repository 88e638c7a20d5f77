import { fitsInt64, parseInteger } from '../../format/parse-number.ts';
import { sprintValue } from '../../format/print.ts';
import { toInt64 } from '../../value/cast.ts';
import { GoError } from '../../value/error.ts';
import { any, fn, variadic } from '../../value/function.ts';
import { int64, int as makeInt } from '../../value/make.ts';
import { int, string } from '../../value/params.ts';
import type { Any } from '../../value/value.ts';
import { randomBelow } from './random.ts';

const pick = (better: (a: bigint, b: bigint) => boolean) =>
  variadic([any], any, (_call, others, first) =>
    int64(others.map(toInt64).reduce((best, value) => (better(value, best) ? value : best), toInt64(first))),
  );

const largest = pick((a, b) => a > b);

function divisor(value: Any): bigint {
  const by = toInt64(value);
  if (by === 0n) throw new GoError('runtime error: integer divide by zero');
  return by;
}

/** `strconv.Atoi` without its error: what is no number is 0, what is too large is as large as possible. */
export function atoi(text: string): bigint {
  const value = parseInteger(text, 10) ?? 0n;
  if (fitsInt64(value)) return value;
  return value < 0n ? -(2n ** 63n) : 2n ** 63n - 1n;
}

export const integerMath = {
  atoi: fn([string], (_call, text) => makeInt(atoi(text))),
  int: fn([any], (_call, value) => makeInt(toInt64(value))),
  int64: fn([any], (_call, value) => int64(toInt64(value))),
  toDecimal: fn([any], (call, value) => {
    const octal = parseInteger(sprintValue(call.meter, value), 8);
    return int64(octal !== undefined && fitsInt64(octal) ? octal : 0n);
  }),
  add1: fn([any], (_call, value) => int64(toInt64(value) + 1n)),
  add: variadic([], any, (_call, values) => int64(values.map(toInt64).reduce((a, b) => a + b, 0n))),
  sub: fn([any, any], (_call, a, b) => int64(toInt64(a) - toInt64(b))),
  mul: variadic([any], any, (_call, values, first) =>
    values.map(toInt64).reduce((a, b) => int64(a.value * b), int64(toInt64(first))),
  ),
  div: fn([any, any], (_call, a, b) => int64(toInt64(a) / divisor(b))),
  mod: fn([any, any], (_call, a, b) => int64(toInt64(a) % divisor(b))),
  max: largest,
  biggest: largest,
  min: pick((a, b) => a < b),
  randInt: fn([int, int], (_call, low, high) => {
    if (high - low <= 0) throw new GoError('invalid argument to Intn');
    return makeInt(randomBelow(high - low) + low);
  }),
};
