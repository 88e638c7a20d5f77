import type * as z from 'zod';
import type { Kind } from '../meta/kind.ts';
import { objectSchema } from '../meta/object-schema.ts';
import type { ConstraintParams } from '../schema/constraint.ts';
import { isRecord } from '../schema/object.ts';
import { fieldPath, valueAt } from './field-path.ts';
import type { Problem } from './problem.ts';

/**
 * Everything that is wrong with an object of a kind, all at once and in the order of its fields; empty when it is right.
 * Takes what came from anywhere: YAML, a CSV, the wire. Fields that are `undefined` count as absent; unknown fields are
 * no problem, the API server drops them. What is right here the API server accepts, short of admission webhooks.
 */
export function validate(kind: Kind, object: unknown): Problem[] {
  if (!isRecord(object)) {
    return [{ path: '', rule: 'must be an object', ...foundOf(object), fix: `write a ${kind.kind} object` }];
  }
  const json = asTheServerReads(object);
  const result = objectSchema(kind).safeParse(json);
  return result.success ? [] : result.error.issues.map((issue) => problemOf(issue, json));
}

/** By way of JSON, since that is how it travels: what is undefined is not there. The server drops null fields as well. */
function asTheServerReads(object: unknown): unknown {
  return JSON.parse(JSON.stringify(object), function (this: unknown, _key, value: unknown) {
    return value === null && !Array.isArray(this) ? undefined : value;
  });
}

function problemOf(issue: z.core.$ZodIssue, object: unknown): Problem {
  const value = valueAt(object, issue.path);
  const where = { path: fieldPath(issue.path), ...foundOf(value) };
  if (value === undefined && issue.code !== 'custom') {
    return { ...where, rule: 'is required', fix: 'add the field' };
  }
  switch (issue.code) {
    case 'custom':
      return { ...where, ...(issue.params as ConstraintParams) };
    case 'invalid_value': {
      const values = issue.values.map(String).join(', ');
      return issue.values.length === 1
        ? { ...where, rule: `must be ${values}`, fix: `write ${values}` }
        : { ...where, rule: `must be one of ${values}`, fix: 'choose one of them' };
    }
    case 'invalid_type':
      return { ...where, ...typeProblem(issue.expected, value) };
    case 'invalid_union':
      return { ...where, ...unionProblem(issue) };
    default:
      return { ...where, rule: issue.message, fix: 'compare with docs/api.md' };
  }
}

/** Of int-or-string: the rule of the branch that got the type right, if one did. */
function unionProblem(issue: z.core.$ZodIssueInvalidUnion): ConstraintParams {
  const broken = issue.errors.flat().find((nested) => nested.code === 'custom');
  if (broken?.code === 'custom') return broken.params as ConstraintParams;
  return { rule: 'must be a whole number or a string', fix: 'write 4 or "1.5Gi"' };
}

const typeWords: Record<string, { rule: string; fix: string }> = {
  string: { rule: 'must be a string', fix: 'write a string' },
  number: { rule: 'must be a whole number', fix: 'write digits without quotes' },
  boolean: { rule: 'must be true or false', fix: 'write true or false without quotes' },
  object: { rule: 'must be an object', fix: 'write its fields below it' },
  record: { rule: 'must be a map', fix: 'write keys and values below it' },
  array: { rule: 'must be a list', fix: 'write its entries below it, each with a dash' },
};

function typeProblem(expected: string, value: unknown): ConstraintParams {
  const words = typeWords[expected] ?? {
    rule: `must be of type ${expected}`,
    fix: `write a value of type ${expected}`,
  };
  if (value === null) return { rule: words.rule, fix: 'give it a value or leave it out' };
  if (expected === 'string' && (typeof value === 'number' || typeof value === 'boolean')) {
    return { rule: words.rule, fix: `put it in quotes: "${value}"` };
  }
  return words;
}

const longest = 60;

/** What is there in a few characters. Only scalars: an object might carry a secret. */
function foundOf(value: unknown): { found?: string } {
  if (value === undefined) return {};
  if (value === null || typeof value !== 'object') {
    const text = JSON.stringify(value) ?? String(value);
    return { found: text.length <= longest ? text : `${text.slice(0, longest)}…` };
  }
  return { found: Array.isArray(value) ? `a list of ${value.length}` : 'an object' };
}
