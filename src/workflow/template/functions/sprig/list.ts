import { toInt64 } from '../../value/cast.ts';
import { deepEqual } from '../../value/equal.ts';
import { GoError } from '../../value/error.ts';
import { any, anyFn, anyVariadic, type Call, fn, variadic } from '../../value/function.ts';
import { isEmpty } from '../../value/inspect.ts';
import { anys, nilAnys } from '../../value/make.ts';
import { int } from '../../value/params.ts';
import { anySlice, sliceOf } from '../../value/type.ts';
import { type Any, GoSlice } from '../../value/value.ts';
import { listOrFail } from './panic.ts';

/** The elements of a list that is given as anything; making a new list of them is work. */
function itemsOf(call: Call, value: Any, action: string): readonly Any[] {
  const { items } = listOrFail(value, (kind) => `Cannot ${action} on type ${kind}`);
  call.meter.step(items.length);
  call.meter.grow(16 * items.length);
  return items;
}

function chunk(call: Call, size: number, value: Any): GoSlice {
  const { items } = listOrFail(value, (kind) => `Cannot chunk type ${kind}`);
  call.meter.step(items.length);
  const count = Math.floor((items.length - 1) / size) + 1;
  if (!(count >= 0) || count > items.length) throw new GoError('runtime error: makeslice: len out of range');
  const chunks = Array.from({ length: count }, (_, i) => anys(items.slice(i * size, (i + 1) * size)));
  return new GoSlice(chunks, sliceOf(anySlice));
}

function contains(call: Call, items: readonly Any[], needle: Any): boolean {
  return items.some((item) => deepEqual(call.meter, needle, item));
}

function distinct(call: Call, items: readonly Any[]): Any[] {
  const kept: Any[] = [];
  for (const item of items) if (!contains(call, kept, item)) kept.push(item);
  return kept;
}

function slice(value: Any, bounds: readonly Any[]): Any {
  const list = listOrFail(value, (kind) => `list should be type of slice or array but ${kind}`);
  if (list.items.length === 0) return null;
  const start = bounds[0] === undefined ? 0 : Number(toInt64(bounds[0]));
  const end = bounds[1] === undefined ? list.items.length : Number(toInt64(bounds[1]));
  if (start < 0 || end < start || end > list.capacity) {
    throw new GoError('reflect.Value.Slice: slice index out of bounds');
  }
  return list.slice(start, end);
}

function concat(call: Call, lists: readonly Any[]): GoSlice {
  const items = lists.flatMap((list) => {
    const part = listOrFail(list, (kind) => `Cannot concat type ${kind} as list`).items;
    call.meter.step(part.length);
    call.meter.grow(16 * part.length);
    return part;
  });
  return items.length === 0 ? nilAnys() : anys(items);
}

const make = variadic([], any, (_call, values) => (values.length === 0 ? anys([]) : anys(values)));

/** Every function has a twin whose name begins with `must`: the same, since both end the render when they fail. */
const twins = {
  append: fn([any, any], (call, list, value) => anys([...itemsOf(call, list, 'push'), value])),
  push: fn([any, any], (call, list, value) => anys([...itemsOf(call, list, 'push'), value])),
  prepend: fn([any, any], (call, list, value) => anys([value, ...itemsOf(call, list, 'prepend')])),
  first: anyFn([any], (call, list) => itemsOf(call, list, 'find first')[0] ?? null),
  last: anyFn([any], (call, list) => itemsOf(call, list, 'find last').at(-1) ?? null),
  rest: fn([any], (call, list) => {
    const items = itemsOf(call, list, 'find rest');
    return items.length === 0 ? nilAnys() : anys(items.slice(1));
  }),
  initial: fn([any], (call, list) => {
    const items = itemsOf(call, list, 'find initial');
    return items.length === 0 ? nilAnys() : anys(items.slice(0, -1));
  }),
  reverse: fn([any], (call, list) => anys(itemsOf(call, list, 'find reverse').toReversed())),
  compact: fn([any], (call, list) => anys(itemsOf(call, list, 'compact').filter((item) => !isEmpty(item)))),
  uniq: fn([any], (call, list) => anys(distinct(call, itemsOf(call, list, 'find uniq')))),
  without: variadic([any], any, (call, omitted, list) =>
    anys(itemsOf(call, list, 'find without').filter((item) => !contains(call, omitted, item))),
  ),
  has: fn([any, any], (call, needle, list) => list !== null && contains(call, itemsOf(call, list, 'find has'), needle)),
  slice: anyVariadic([any], any, (_call, bounds, list) => slice(list, bounds)),
  chunk: fn([int, any], chunk),
};

function must(name: string): string {
  return `must${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

export const lists = {
  list: make,
  tuple: make,
  concat: anyVariadic([], any, concat),
  ...twins,
  ...Object.fromEntries(Object.entries(twins).map(([name, body]) => [must(name), body])),
};
