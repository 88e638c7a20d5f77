import { sprint, sprintln } from '../../format/print.ts';
import { sprintf } from '../../format/printf.ts';
import { any, variadic } from '../../value/function.ts';
import { string } from '../../value/params.ts';

export const printing = {
  print: variadic([], any, (call, args) => sprint(call.meter, args)),
  printf: variadic([string], any, (call, args, format) => sprintf(call.meter, format, args)),
  println: variadic([], any, (call, args) => sprintln(call.meter, args)),
};
