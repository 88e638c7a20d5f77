import { GoError } from '../value/error.ts';

/** A set of code points. */
export type CharSet = (code: number) => boolean;

/** A place that takes no character. */
export type Assertion = 'beginText' | 'endText' | 'beginLine' | 'endLine' | 'wordBoundary' | 'noWordBoundary';

/** A parsed regular expression. */
export type Node =
  | { readonly kind: 'set'; readonly set: CharSet }
  | { readonly kind: 'assertion'; readonly assertion: Assertion }
  | { readonly kind: 'concat'; readonly nodes: readonly Node[] }
  | { readonly kind: 'alternate'; readonly nodes: readonly Node[] }
  /** A group that can be referred to in a replacement. */
  | { readonly kind: 'capture'; readonly index: number; readonly node: Node }
  | {
      readonly kind: 'repeat';
      readonly node: Node;
      readonly min: number;
      /** -1 for any number. */
      readonly max: number;
      readonly greedy: boolean;
    };

/** A parsed expression and the names of its groups, by number. */
export interface ParsedRegexp {
  readonly node: Node;
  readonly names: readonly string[];
}

/** What is wrong with an expression, in the words of Go's regexp/syntax. */
export function syntaxError(what: string, where: string): GoError {
  return new GoError(`error parsing regexp: ${what}: \`${where}\``);
}
