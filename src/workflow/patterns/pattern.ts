import type { Glob } from './glob.ts';

/**
 * A pattern on JSON objects, of the kind that Quamina has: `{"cpu": {"vendor": ["Intel", {"prefix": "AMD"}]}}`. Every field
 * that it names has to have one of the alternatives.
 */
export interface Pattern {
  readonly root: PatternFields;
  /** Fields that must not be there, by the names on the way to them. */
  readonly absent: readonly (readonly string[])[];
}

export type PatternFields = ReadonlyMap<string, PatternNode>;

export type PatternNode =
  | { readonly kind: 'fields'; readonly fields: PatternFields }
  | { readonly kind: 'leaf'; readonly alternatives: readonly Alternative[] };

/** A value that a field may have. */
export type Alternative =
  | { readonly kind: 'value'; readonly value: string | number | boolean | null }
  | { readonly kind: 'exists' }
  | TextAlternative;

/** These are for strings and match no other value. */
export type TextAlternative =
  | { readonly kind: 'prefix'; readonly prefix: string }
  | { readonly kind: 'glob'; readonly glob: Glob }
  | { readonly kind: 'ignore-case'; readonly folded: string }
  | { readonly kind: 'anything-but'; readonly texts: ReadonlySet<string> }
  /** In RE2 syntax, as bytes; anchored at both ends. */
  | { readonly kind: 'regexp'; readonly expression: string };

/** Longest text of a pattern, in characters: what matching costs grows with it. */
export const maxPatternLength = 8192;

/** True when a pattern has a condition on the field, whatever it says. */
export function names(pattern: Pattern, ...path: readonly string[]): boolean {
  if (pattern.absent.some((absent) => absent.join('\0') === path.join('\0'))) return true;
  let fields: PatternFields = pattern.root;
  for (const [index, key] of path.entries()) {
    const node = fields.get(key);
    if (node === undefined) return false;
    if (node.kind === 'leaf') return index === path.length - 1;
    fields = node.fields;
  }
  return false;
}
