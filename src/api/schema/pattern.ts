/** A pattern as the API server knows it, with the fix for who breaks it. */
export interface Pattern {
  /** RE2 syntax, since Go reads it. */
  source: string;
  /** How to write the value, in the imperative. */
  fix: string;
}

/**
 * The JavaScript expression for an RE2 pattern. They agree on everything the CRDs use but a leading `(?i)`, which is a
 * flag here. Without the `u` flag `[:]` and `\.` mean the same in both.
 */
export function toRegExp(source: string): RegExp {
  return source.startsWith('(?i)') ? new RegExp(source.slice(4), 'i') : new RegExp(source);
}
