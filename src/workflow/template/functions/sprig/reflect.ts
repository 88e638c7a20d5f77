import { typeName } from '../../format/printer.ts';
import { deepCopy } from '../../value/copy.ts';
import { deepEqual } from '../../value/equal.ts';
import { GoError } from '../../value/error.ts';
import { any, anyFn, fn } from '../../value/function.ts';
import { kindOf } from '../../value/inspect.ts';
import { string } from '../../value/params.ts';

const copy = anyFn([any], (call, value) => {
  if (value === null) throw new GoError('reflect: call of reflect.Value.Type on zero Value');
  return deepCopy(call.meter, value);
});

export const reflections = {
  typeOf: fn([any], (_call, value) => typeName(value)),
  typeIs: fn([string, any], (_call, name, value) => typeName(value) === name),
  typeIsLike: fn([string, any], (_call, name, value) => [name, `*${name}`].includes(typeName(value))),
  kindOf: fn([any], (_call, value) => kindOf(value)),
  kindIs: fn([string, any], (_call, kind, value) => kindOf(value) === kind),
  deepEqual: fn([any, any], (call, a, b) => deepEqual(call.meter, a, b)),
  deepCopy: copy,
  mustDeepCopy: copy,
};
