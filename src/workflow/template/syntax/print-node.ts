import { quote } from '../format/quote.ts';
import type { AnyNode, BranchNode, Operand, PipeNode } from './node.ts';

/** A node as template text in Go's normal form. Error messages name the place by it. */
export function printNode(node: AnyNode): string {
  switch (node.kind) {
    case 'list':
      return node.nodes.map(printNode).join('');
    case 'text':
      return node.text;
    case 'action':
      return `{{${printNode(node.pipe)}}}`;
    case 'if':
    case 'with':
    case 'range':
      return printBranch(node);
    case 'template':
      return `{{template ${quote(node.name)}${node.pipe === undefined ? '' : ` ${printNode(node.pipe)}`}}}`;
    case 'break':
    case 'continue':
      return `{{${node.kind}}}`;
    case 'command':
      return node.args.map(printArgument).join(' ');
    default:
      return printOperand(node);
  }
}

function printOperand(node: Operand): string {
  switch (node.kind) {
    case 'pipe':
      return printPipe(node);
    case 'identifier':
      return node.name;
    case 'field':
      return node.names.map((name) => `.${name}`).join('');
    case 'variable':
      return node.names.join('.');
    case 'chain':
      return [printArgument(node.base), ...node.names].join('.');
    case 'dot':
      return '.';
    case 'nil':
      return 'nil';
    case 'bool':
      return String(node.value);
    default:
      return node.literal;
  }
}

function printArgument(node: Operand): string {
  return node.kind === 'pipe' ? `(${printPipe(node)})` : printOperand(node);
}

function printPipe({ declared, isAssign, commands }: PipeNode): string {
  const names = declared.map(printOperand).join(', ');
  const pipeline = commands.map(printNode).join(' | ');
  return names === '' ? pipeline : `${names} ${isAssign ? '=' : ':='} ${pipeline}`;
}

function printBranch({ kind, pipe, list, elseList }: BranchNode): string {
  const otherwise = elseList === undefined ? '' : `{{else}}${printNode(elseList)}`;
  return `{{${kind} ${printPipe(pipe)}}}${printNode(list)}${otherwise}{{end}}`;
}
