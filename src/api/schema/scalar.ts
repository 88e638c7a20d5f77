import * as z from 'zod';
import { type Constraint, constrain } from './constraint.ts';
import { type FieldMeta, withMeta } from './field-meta.ts';
import { isDateTime, isRequestUri } from './format.ts';
import { type Pattern, toRegExp } from './pattern.ts';

/** What any field can say besides its type. */
export interface FieldOptions<T> {
  /** The API server fills it in when the field is absent and its parent is there. */
  default?: T;
  /** Who writes the field, when it is not who writes its parent. */
  writer?: string;
}

export interface TextOptions extends FieldOptions<string> {
  minLength?: number;
  maxLength?: number;
  pattern?: Pattern;
}

/** A string. Lengths are in characters. */
export function text(description: string, options: TextOptions = {}): z.ZodString {
  const { minLength, maxLength, pattern } = options;
  const constraints: Constraint<string>[] = [];
  if (minLength !== undefined) {
    constraints.push({
      rule: minLength === 1 ? 'must not be empty' : `at least ${minLength} characters`,
      fix: minLength === 1 ? 'give it a value or leave the field out' : `write at least ${minLength} characters`,
      holds: (value) => [...value].length >= minLength,
    });
  }
  if (maxLength !== undefined) {
    constraints.push({
      rule: `at most ${maxLength} characters`,
      fix: `shorten it to ${maxLength} characters`,
      holds: (value) => [...value].length <= maxLength,
    });
  }
  if (pattern !== undefined) constraints.push(matching(pattern));
  return scalar(z.string(), constraints, description, options, {
    ...(minLength === undefined ? {} : { minLength }),
    ...(maxLength === undefined ? {} : { maxLength }),
    ...(pattern === undefined ? {} : { pattern: pattern.source, 'x-capt-rules': [pattern.fix] }),
  });
}

/** A string that is one of a few. */
export function choice<const V extends readonly [string, ...string[]]>(
  description: string,
  values: V,
  options: FieldOptions<V[number]> = {},
): z.ZodEnum<{ [K in V[number]]: K }> {
  return scalar(z.enum(values), [], description, options, {});
}

/** A point in time, RFC 3339. */
export function time(description: string, options: FieldOptions<string> = {}): z.ZodString {
  const constraint: Constraint<string> = {
    rule: 'must be a time in RFC 3339',
    fix: 'write it like 2026-01-31T12:00:00Z',
    holds: isDateTime,
  };
  return scalar(z.string(), [constraint], description, options, { format: 'date-time' });
}

/** A URI with a scheme, or an absolute path. */
export function uri(description: string, options: FieldOptions<string> = {}): z.ZodString {
  const constraint: Constraint<string> = {
    rule: 'must be a URI',
    fix: 'write an absolute URL like http://192.0.2.1/file.iso, or leave the field out',
    holds: isRequestUri,
  };
  return scalar(z.string(), [constraint], description, options, { format: 'uri' });
}

/** True or false. */
export function flag(description: string, options: FieldOptions<boolean> = {}): z.ZodBoolean {
  return scalar(z.boolean(), [], description, options, {});
}

export interface IntegerOptions extends FieldOptions<number> {
  minimum?: number;
  maximum?: number;
}

/** A whole number of 64 bits. JavaScript holds it exactly up to 2^53; greater ones lose their last digits on the way. */
export function int64(description: string, options: IntegerOptions = {}): z.ZodNumber {
  return integerOf('int64', description, options);
}

/** A whole number of 32 bits with a sign. */
export function int32(description: string, options: IntegerOptions = {}): z.ZodNumber {
  return integerOf('int32', description, options);
}

/** A whole number whose width the API leaves open; the API server then allows 64 bits. */
export function integer(description: string, options: IntegerOptions = {}): z.ZodNumber {
  return integerOf(undefined, description, options);
}

const fitting32: Constraint<number> = {
  rule: 'must fit into 32 bits',
  fix: 'write a number from -2147483648 to 2147483647',
  holds: (value) => value >= -(2 ** 31) && value < 2 ** 31,
};

const fitting64: Constraint<number> = {
  rule: 'must fit into 64 bits',
  fix: 'write a smaller number',
  holds: (value) => value >= -(2 ** 63) && value < 2 ** 63,
};

function integerOf(format: string | undefined, description: string, options: IntegerOptions): z.ZodNumber {
  const { minimum, maximum } = options;
  // Not z.int(): its refusal stops every later check of the parents, and it knows nothing above 2^53.
  const constraints: Constraint<number>[] = [
    { rule: 'must be a whole number', fix: 'drop the fraction', holds: Number.isInteger },
    format === 'int32' ? fitting32 : fitting64,
  ];
  if (minimum !== undefined) {
    constraints.push({
      rule: `must be ${minimum} or more`,
      fix: `write a number from ${minimum}${maximum === undefined ? '' : ` to ${maximum}`}`,
      holds: (value) => value >= minimum,
    });
  }
  if (maximum !== undefined) {
    constraints.push({
      rule: `must be ${maximum} or less`,
      fix: `write a number from ${minimum === undefined ? '' : `${minimum} `}to ${maximum}`,
      holds: (value) => value <= maximum,
    });
  }
  return scalar(z.number(), constraints, description, options, {
    type: 'integer',
    ...(format === undefined ? {} : { format }),
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
  });
}

/** The string form of a Kubernetes quantity. */
const quantityPattern: Pattern = {
  source:
    '^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$',
  fix: 'write a quantity like 4, 500m, 1.5Gi or 2e3',
};

/** A Kubernetes quantity: a whole number, or a string like `1.5Gi`. */
export function quantity(description: string): z.ZodUnion<readonly [z.ZodNumber, z.ZodString]> {
  const text = constrain(z.string(), [matching(quantityPattern)], isString);
  const whole = constrain(
    z.number(),
    [
      { rule: 'must be a whole number', fix: 'write a fraction as a string, like "0.5"', holds: Number.isInteger },
      fitting64,
    ],
    isNumber,
  );
  return withMeta(z.union([whole, text]), {
    description,
    anyOf: [{ type: 'integer' }, { type: 'string' }],
    pattern: quantityPattern.source,
    'x-kubernetes-int-or-string': true,
    'x-capt-rules': [quantityPattern.fix],
  });
}

function matching({ source, fix }: Pattern): Constraint<string> {
  const expression = toRegExp(source);
  return { rule: `must match ${source}`, fix, holds: (value) => expression.test(value) };
}

function scalar<S extends z.ZodType, T>(
  schema: S,
  constraints: readonly Constraint<never>[],
  description: string,
  options: FieldOptions<T>,
  meta: FieldMeta,
): S {
  const applies = schema.type === 'number' ? isNumber : isString;
  return withMeta(constrain(schema, constraints, applies), { description, ...meta, ...notes(options) });
}

/** The part of the notes that every field shares. */
export function notes<T>(options: FieldOptions<T>): FieldMeta {
  return {
    ...(options.default === undefined ? {} : { default: options.default }),
    ...(options.writer === undefined ? {} : { 'x-capt-writer': options.writer }),
  };
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}
