import { fn, operand, variadic } from '../../value/function.ts';
import { isTrue } from '../../value/inspect.ts';
import { unbox } from '../../value/value.ts';

/** Evaluation does `and`, `or` and `call` by itself; of these only the parameters are looked at. */
const junction = variadic([operand], operand, (_call, _rest, first) => first);

export const logic = {
  and: junction,
  or: junction,
  call: junction,
  not: fn([operand], (_call, value) => !isTrue(unbox(value))),
};
