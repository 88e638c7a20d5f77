import type { Meter } from '../value/meter.ts';
import type { Any } from '../value/value.ts';
import { isStringKind, Printer } from './printer.ts';

/** One value as `%v`. */
export function sprintValue(meter: Meter, value: Any): string {
  if (typeof value === 'string') return value;
  return new Printer(meter, 'v').argument(value);
}

/** `fmt.Sprint`: a space between two arguments unless one of them is a string. */
export function sprint(meter: Meter, args: readonly Any[]): string {
  let text = '';
  args.forEach((arg, i) => {
    const previous = args[i - 1];
    if (previous !== undefined && !isStringKind(previous) && !isStringKind(arg)) text += ' ';
    text += sprintValue(meter, arg);
  });
  meter.grow(text.length);
  return text;
}

/** `fmt.Sprintln`: a space between all arguments, a newline at the end. */
export function sprintln(meter: Meter, args: readonly Any[]): string {
  const text = `${args.map((arg) => sprintValue(meter, arg)).join(' ')}\n`;
  meter.grow(text.length);
  return text;
}
