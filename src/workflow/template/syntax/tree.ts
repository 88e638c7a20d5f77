import { runesOf } from '../value/runes.ts';
import { isSpace } from '../value/unicode.ts';
import type { ListNode } from './node.ts';

/** A named template: its name and what it consists of. */
export interface Tree {
  readonly name: string;
  readonly root: ListNode;
}

/** Everything that one text defines. */
export interface TemplateSet {
  /** Name of the text; all positions are in it. */
  readonly name: string;
  readonly source: string;
  readonly trees: ReadonlyMap<string, Tree>;
}

/** True for a template of nothing but spaces and comments: such a one may be defined again. */
export function isEmptyTree(root: ListNode): boolean {
  return root.nodes.every((node) => node.kind === 'text' && runesOf(node.text).every(isSpace));
}
