import { quote } from '../format/quote.ts';
import { position } from '../syntax/lexer.ts';
import { printNode } from '../syntax/print-node.ts';
import type { TemplateSet } from '../syntax/tree.ts';
import type { Frame } from './frame.ts';
import { TemplateError } from './template-error.ts';

/** An error at the node where a frame is, in Go's form. */
export function errorAt({ name, source }: TemplateSet, frame: Frame, message: string): TemplateError {
  const { line, column } = position(source, frame.node.at);
  const place = `${name}:${line}:${column}`;
  const text = `template: ${place}: executing ${quote(frame.tree.name)} at <${printNode(frame.node)}>: ${message}`;
  return new TemplateError(text, { name, line, column });
}
