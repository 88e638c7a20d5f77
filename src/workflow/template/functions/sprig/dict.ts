import { GoError } from '../../value/error.ts';
import { any, anyFn, anyVariadic, type Call, fn, variadic } from '../../value/function.ts';
import { typeOf } from '../../value/inspect.ts';
import { anys, dict as makeDict, strings } from '../../value/make.ts';
import { dict, string } from '../../value/params.ts';
import { anyMap } from '../../value/type.ts';
import { type Any, GoMap } from '../../value/value.ts';
import { merge } from './merge.ts';
import { strval } from './strval.ts';

/** Go takes the keys of a map in random order; here the order is that of the keys, so that a render can be repeated. */
function keysOf(call: Call, map: GoMap): string[] {
  call.meter.step(map.entries.size);
  call.meter.grow(16 * map.entries.size);
  return map.sortedKeys();
}

function make(call: Call, values: readonly Any[]): GoMap {
  const map = new GoMap();
  for (let i = 0; i < values.length; i += 2) {
    const value = values[i + 1];
    map.entries.set(strval(call.meter, values[i] ?? null), value === undefined ? '' : value);
  }
  return map;
}

/** What `value.(T)` says in Go when the value is no T. */
function notA(value: Any, wanted: string): GoError {
  const found = value === null ? 'nil' : typeOf(value).name;
  return new GoError(`interface conversion: interface {} is ${found}, not ${wanted}`);
}

function asDict(value: Any): GoMap {
  if (value instanceof GoMap && value.type === anyMap) return value;
  throw notA(value, 'map[string]interface {}');
}

/** Keys one below the other, a default, and the dict to dig in. */
function dig(values: readonly Any[]): Any {
  if (values.length < 3) throw new GoError('dig needs at least three arguments');
  let step: Any = asDict(values.at(-1) ?? null);
  const keys = values.slice(0, -2).map((key) => {
    if (typeof key !== 'string') throw notA(key, 'string');
    return key;
  });
  for (const key of keys) {
    const found: Any | undefined = asDict(step).entries.get(key);
    if (found === undefined) return values.at(-2) ?? null;
    step = found;
  }
  return step;
}

const mergeFn = (overwrite: boolean) =>
  anyVariadic([dict], dict, (call, sources, target) => {
    const merged = target.isNil ? new GoMap() : target;
    for (const source of sources) merge(call.meter, merged, source, overwrite);
    return merged;
  });

export const dicts = {
  dict: variadic([], any, make),
  get: anyFn([dict, string], (_call, map, key) => {
    const value = map.entries.get(key);
    return value === undefined ? '' : value;
  }),
  set: fn([dict, string, any], (_call, map, key, value) => {
    if (map.isNil) throw new GoError('assignment to entry in nil map');
    map.entries.set(key, value);
    return map;
  }),
  unset: fn([dict, string], (_call, map, key) => {
    map.entries.delete(key);
    return map;
  }),
  hasKey: fn([dict, string], (_call, map, key) => map.entries.has(key)),
  pluck: variadic([string], dict, (_call, maps, key) =>
    anys(maps.map((map) => map.entries.get(key)).filter((value) => value !== undefined)),
  ),
  keys: variadic([], dict, (call, maps) => strings(maps.flatMap((map) => keysOf(call, map)))),
  values: fn([dict], (call, map) => anys(keysOf(call, map).map((key) => map.entries.get(key) ?? null))),
  pick: variadic([dict], string, (call, keys, map) => {
    call.meter.step(keys.length);
    return makeDict(keys.filter((key) => map.entries.has(key)).map((key) => [key, map.entries.get(key) ?? null]));
  }),
  omit: variadic([dict], string, (call, keys, map) => {
    const kept = keysOf(call, map).filter((key) => !keys.includes(key));
    return makeDict(kept.map((key) => [key, map.entries.get(key) ?? null]));
  }),
  dig: anyVariadic([], any, (_call, values) => dig(values)),
  merge: mergeFn(false),
  mustMerge: mergeFn(false),
  mergeOverwrite: mergeFn(true),
  mustMergeOverwrite: mergeFn(true),
};
