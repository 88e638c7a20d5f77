import * as z from 'zod';
import { type Constraint, constrain } from './constraint.ts';
import { withMeta } from './field-meta.ts';
import type { ValidationRule } from './open-api.ts';
import { type FieldOptions, notes } from './scalar.ts';

/** Marks a field as one that must be there. All others may be left out. */
export interface RequiredField<S extends z.ZodType = z.ZodType> {
  readonly required: S;
}

export function required<S extends z.ZodType>(schema: S): RequiredField<S> {
  return { required: schema };
}

export type Fields = Record<string, z.ZodType | RequiredField>;

export type Shape<F extends Fields> = {
  -readonly [K in keyof F]: F[K] extends RequiredField<infer S>
    ? S
    : F[K] extends z.ZodType
      ? z.ZodExactOptional<F[K]>
      : never;
};

/** A rule over several fields: CEL for the API server, the same in TypeScript for us. */
export interface ObjectRule {
  cel: string;
  /** The answer of the API server and of `validate`: what is wrong and how to put it right. */
  message: string;
  /** Must agree with `cel`; the tests compare them on the real server. Fields may hold anything. */
  holds(value: Record<string, unknown>): boolean;
}

export interface ObjectOptions extends FieldOptions<Record<string, unknown>> {
  minProperties?: number;
  maxProperties?: number;
  /** Server-side apply takes it as one value. */
  atomic?: boolean;
  rules?: readonly ObjectRule[];
  /** The fix for who breaks `minProperties` or `maxProperties`. */
  countFix?: string;
}

/** An object with known fields. Fields are optional unless wrapped in `required()`. */
export function object<F extends Fields>(
  description: string,
  fields: F,
  options: ObjectOptions = {},
): z.ZodObject<Shape<F>> {
  const { minProperties, maxProperties, atomic, rules = [] } = options;
  const validations: ValidationRule[] = rules.map(({ cel, message }) => ({ rule: cel, message }));
  return withMeta(constrain(z.object(shapeOf(fields)), constraintsOf(options, Object.keys(fields)), isRecord), {
    description,
    ...notes(options),
    ...(minProperties === undefined ? {} : { minProperties }),
    ...(maxProperties === undefined ? {} : { maxProperties }),
    ...(atomic ? { 'x-kubernetes-map-type': 'atomic' as const } : {}),
    ...(validations.length === 0 ? {} : { 'x-kubernetes-validations': validations }),
    ...(options.countFix === undefined ? {} : { 'x-capt-rules': [options.countFix] }),
  });
}

function shapeOf<F extends Fields>(fields: F): Shape<F> {
  const entries = Object.entries(fields).map(([name, field]) => [
    name,
    field instanceof z.ZodType ? z.exactOptional(field) : field.required,
  ]);
  return Object.fromEntries(entries) as Shape<F>;
}

function constraintsOf(options: ObjectOptions, known: readonly string[]): Constraint<Record<string, unknown>>[] {
  const { minProperties, maxProperties, rules = [], countFix = 'add or remove fields' } = options;
  // The API server prunes unknown fields before it counts.
  const count = (value: Record<string, unknown>) => known.filter((name) => value[name] !== undefined).length;
  const constraints: Constraint<Record<string, unknown>>[] = [];
  if (minProperties !== undefined) {
    constraints.push({
      rule: `at least ${minProperties} of ${known.join(', ')}`,
      fix: countFix,
      holds: (value) => count(value) >= minProperties,
    });
  }
  if (maxProperties !== undefined) {
    constraints.push({
      rule: `at most ${maxProperties} of ${known.join(', ')}`,
      fix: countFix,
      holds: (value) => count(value) <= maxProperties,
    });
  }
  for (const { cel, message, holds } of rules) constraints.push({ rule: cel, fix: message, holds });
  return constraints;
}

/** True for a JSON object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
