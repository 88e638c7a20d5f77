import { toFloat64 } from '../../value/cast.ts';
import { any, fn, variadic } from '../../value/function.ts';
import { float64, int } from '../../value/params.ts';
import type { Any } from '../../value/value.ts';
import { add, type Decimal, decimalOf, divide, floatOf, multiply, subtract } from './decimal.ts';

type Operation = (a: Decimal, b: Decimal) => Decimal;

function compute(first: Any, others: readonly Any[], operation: Operation): number {
  return floatOf(others.map((other) => decimalOf(toFloat64(other))).reduce(operation, decimalOf(toFloat64(first))));
}

const decimalFn = (operation: Operation) =>
  variadic([any], any, (_call, others, first) => compute(first, others, operation));

const extreme = (pick: (a: number, b: number) => number) =>
  variadic([any], any, (_call, others, first) => others.map(toFloat64).reduce((a, b) => pick(a, b), toFloat64(first)));

/** Rounds up from a fraction on, a half unless told otherwise. */
function round(value: Any, places: number, roundOn: number): number {
  const power = 10 ** places;
  const digits = power * toFloat64(value);
  const fraction = Number.isFinite(digits) ? digits - Math.trunc(digits) : Number.NaN;
  return (fraction >= roundOn ? Math.ceil(digits) : Math.floor(digits)) / power;
}

export const floatMath = {
  float64: fn([any], (_call, value) => toFloat64(value)),
  add1f: fn([any], (_call, value) => compute(value, [1], add)),
  addf: variadic([], any, (_call, values) => compute(0, values, add)),
  subf: decimalFn(subtract),
  mulf: decimalFn(multiply),
  divf: decimalFn(divide),
  maxf: extreme(Math.max),
  minf: extreme(Math.min),
  ceil: fn([any], (_call, value) => Math.ceil(toFloat64(value))),
  floor: fn([any], (_call, value) => Math.floor(toFloat64(value))),
  round: variadic([any, int], float64, (_call, [roundOn = 0.5], value, places) => round(value, places, roundOn)),
};
