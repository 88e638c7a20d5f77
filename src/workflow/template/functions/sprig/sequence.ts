import { type Call, fn, variadic } from '../../value/function.ts';
import { ints } from '../../value/make.ts';
import { int } from '../../value/params.ts';

/** From a number up or down to another, which is not included. Empty when the step leads away from it. */
function numbers(call: Call, start: number, stop: number, step: number): number[] {
  const isDown = stop < start;
  if (isDown ? step >= 0 : step <= 0) return [];
  const count = Math.max(Math.ceil((stop - start) / step), 0);
  call.meter.step(2 * count);
  call.meter.grow(16 * count);
  return Array.from({ length: count }, (_, i) => start + i * step);
}

/** Like the command `seq`: end; start and end; start, step and end. All included. */
function sequence(call: Call, params: readonly number[]): string {
  const [first, second, third] = params;
  if (first === undefined || params.length > 3) return '';
  const start = second === undefined ? 1 : first;
  const end = third ?? second ?? first;
  const direction = end < start ? -1 : 1;
  const step = third === undefined ? direction : (second ?? direction);
  if (third !== undefined && direction < 0 && step > 0) return '';
  return numbers(call, start, end + direction, step).join(' ');
}

export const sequences = {
  until: fn([int], (call, count) => ints(numbers(call, 0, count, count < 0 ? -1 : 1))),
  untilStep: fn([int, int, int], (call, start, stop, step) => ints(numbers(call, start, stop, step))),
  seq: variadic([], int, sequence),
};
