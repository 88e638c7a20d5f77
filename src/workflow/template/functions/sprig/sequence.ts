import { type Call, fn, variadic } from '../../value/function.ts';
import { ints } from '../../value/make.ts';
import { wholeInt } from '../../value/params.ts';

/** From a number up or down to another, which is not included. Empty when the step leads away from it. */
function numbers(call: Call, start: bigint, stop: bigint, step: bigint): bigint[] {
  const isDown = stop < start;
  if (isDown ? step >= 0n : step <= 0n) return [];
  const last = stop - (isDown ? -1n : 1n);
  const count = start === stop ? 0 : Number((last - start) / step) + 1;
  call.meter.step(2 * count);
  call.meter.grow(16 * count);
  return Array.from({ length: count }, (_, i) => start + BigInt(i) * step);
}

/** Like the command `seq`: end; start and end; start, step and end. All included. */
function sequence(call: Call, params: readonly bigint[]): string {
  const [first, second, third] = params;
  if (first === undefined || params.length > 3) return '';
  const start = second === undefined ? 1n : first;
  const end = third ?? second ?? first;
  const direction = end < start ? -1n : 1n;
  const step = third === undefined ? direction : (second ?? direction);
  if (third !== undefined && direction < 0n && step > 0n) return '';
  return numbers(call, start, BigInt.asIntN(64, end + direction), step).join(' ');
}

export const sequences = {
  until: fn([wholeInt], (call, count) => ints(numbers(call, 0n, count, count < 0n ? -1n : 1n))),
  untilStep: fn([wholeInt, wholeInt, wholeInt], (call, start, stop, step) => ints(numbers(call, start, stop, step))),
  seq: variadic([], wholeInt, sequence),
};
