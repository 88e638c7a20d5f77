import type * as z from 'zod';

/** A rule about the value of a field, beyond its type. */
export interface Constraint<T = unknown> {
  /** What must hold, short: `at least 1 character`. */
  rule: string;
  /** What the writer of the object should do, in the imperative. */
  fix: string;
  holds(value: T): boolean;
}

/** What `validate` needs to know of a broken constraint; travels in the `params` of a zod issue. */
export interface ConstraintParams {
  rule: string;
  fix: string;
}

/**
 * The schema with more rules. They are checked although something deeper inside the value is wrong, so that one
 * validation shows every problem; `applies` guards against values of another type.
 */
export function constrain<S extends z.ZodType>(
  schema: S,
  constraints: readonly Constraint<never>[],
  applies: (value: unknown) => boolean,
): S {
  let constrained: S = schema;
  for (const { rule, fix, holds } of constraints) {
    constrained = constrained.refine((value) => holds(value as never), {
      when: (payload) => applies(payload.value),
      params: { rule, fix } satisfies ConstraintParams,
    });
  }
  return constrained;
}
