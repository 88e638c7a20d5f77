import { any, anyFn, anyVariadic, fn, variadic } from '../../value/function.ts';
import { isEmpty } from '../../value/inspect.ts';
import { bool } from '../../value/params.ts';

export const defaults = {
  default: anyVariadic([any], any, (_call, given, fallback) => {
    const value = given[0] ?? null;
    return isEmpty(value) ? fallback : value;
  }),
  empty: fn([any], (_call, value) => isEmpty(value)),
  coalesce: anyVariadic([], any, (_call, values) => values.find((value) => !isEmpty(value)) ?? null),
  all: variadic([], any, (_call, values) => !values.some(isEmpty)),
  any: variadic([], any, (_call, values) => !values.every(isEmpty)),
  ternary: anyFn([any, any, bool], (_call, yes, no, which) => (which ? yes : no)),
};
