import * as z from 'zod';
import { type Constraint, constrain } from './constraint.ts';
import { withMeta } from './field-meta.ts';
import { type FieldOptions, notes } from './scalar.ts';

export interface ListOptions<T> extends FieldOptions<T[]> {
  minItems?: number;
  /** How server-side apply merges it: as one value, as a set, or item by item through `keys`. */
  merge?: 'atomic' | 'set' | { keys: readonly [string, ...string[]] };
}

/** A list. */
export function list<S extends z.ZodType>(
  description: string,
  item: S,
  options: ListOptions<z.infer<S>> = {},
): z.ZodArray<S> {
  const { minItems, merge } = options;
  const constraints: Constraint<unknown[]>[] = [];
  if (minItems !== undefined) {
    constraints.push({
      rule: `at least ${minItems} ${minItems === 1 ? 'entry' : 'entries'}`,
      fix: 'add what is missing',
      holds: (items) => items.length >= minItems,
    });
  }
  if (typeof merge === 'object') constraints.push(uniqueBy(merge.keys));
  return withMeta(constrain(z.array(item), constraints, Array.isArray), {
    description,
    ...notes(options),
    ...(minItems === undefined ? {} : { minItems }),
    ...(merge === undefined ? {} : { 'x-kubernetes-list-type': typeof merge === 'string' ? merge : 'map' }),
    ...(typeof merge === 'object' ? { 'x-kubernetes-list-map-keys': [...merge.keys] } : {}),
  });
}

/** A map from free keys to values of one kind. */
export function map<S extends z.ZodType>(
  description: string,
  value: S,
  options: FieldOptions<Record<string, z.infer<S>>> = {},
): z.ZodRecord<z.ZodString, S> {
  return withMeta(z.record(z.string(), value), { description, ...notes(options) });
}

function uniqueBy(keys: readonly string[]): Constraint<unknown[]> {
  const keyOf = (item: unknown) => JSON.stringify(keys.map((key) => (item as Record<string, unknown> | null)?.[key]));
  return {
    rule: `no two entries with the same ${keys.join(' and ')}`,
    fix: 'keep one of them',
    holds: (items) => new Set(items.map(keyOf)).size === items.length,
  };
}
