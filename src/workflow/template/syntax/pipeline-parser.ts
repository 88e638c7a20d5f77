import { unquote } from '../format/unquote.ts';
import type { CommandNode, Operand, PipeNode, VariableNode } from './node.ts';
import { parseNumberLiteral } from './number-literal.ts';
import type { ParseState } from './parse-state.ts';
import { printNode } from './print-node.ts';
import type { Token, TokenKind } from './token.ts';

/** Tokens that a command can begin with. */
const operandKinds: ReadonlySet<TokenKind> = new Set([
  'bool',
  'charConstant',
  'complex',
  'dot',
  'field',
  'identifier',
  'number',
  'nil',
  'rawString',
  'string',
  'variable',
  'leftParen',
]);

/** Operands that can be no command after a pipe. */
const constants: ReadonlySet<Operand['kind']> = new Set(['bool', 'dot', 'nil', 'number', 'string']);

/** Parses a pipeline up to and including the token `end`. `context` names it in messages. */
export function parsePipeline(state: ParseState, context: string, end: TokenKind): PipeNode {
  const pipe: PipeNode = {
    kind: 'pipe',
    at: state.stream.peekNonSpace().at,
    isAssign: false,
    declared: [],
    commands: [],
  };
  parseDeclarations(state, pipe, context);
  for (;;) {
    const token = state.stream.nextNonSpace();
    if (token.kind === end) break;
    if (!operandKinds.has(token.kind)) state.unexpected(token, context);
    state.stream.back(token);
    pipe.commands.push(parseCommand(state));
  }
  check(state, pipe, context);
  return pipe;
}

function check(state: ParseState, { commands }: PipeNode, context: string): void {
  if (commands.length === 0) state.fail(`missing value for ${context}`);
  commands.forEach(({ args: [first] }, stage) => {
    if (stage > 0 && first !== undefined && constants.has(first.kind)) {
      state.fail(`non executable command in pipeline stage ${stage + 1}`);
    }
  });
}

/** `$x :=`, `$x =`, or `$i, $x :=` in a range. */
function parseDeclarations(state: ParseState, pipe: PipeNode, context: string): void {
  while (state.stream.peekNonSpace().kind === 'variable') {
    const variable = state.stream.next();
    // The token right after the variable goes back if this is no declaration: it may be a space that separates.
    const after = state.stream.peek();
    const next = state.stream.peekNonSpace();
    if (next.kind === 'assign' || next.kind === 'declare') {
      pipe.isAssign = next.kind === 'assign';
      state.stream.nextNonSpace();
      addDeclaration(state, pipe, variable);
      return;
    }
    if (next.kind !== 'char' || next.text !== ',') {
      state.stream.back(...(after.kind === 'space' ? [variable, after] : [variable]));
      return;
    }
    state.stream.nextNonSpace();
    addDeclaration(state, pipe, variable);
    if (context !== 'range' || pipe.declared.length >= 2) state.fail(`too many declarations in ${context}`);
    const { kind } = state.stream.peekNonSpace();
    if (kind !== 'variable' && kind !== 'rightDelim' && kind !== 'rightParen') {
      state.fail('range can only initialize variables');
    }
  }
}

function addDeclaration(state: ParseState, pipe: PipeNode, { at, text }: Token): void {
  pipe.declared.push(variableNode(at, text));
  state.declare(text);
}

function variableNode(at: number, text: string): VariableNode {
  return { kind: 'variable', at, names: text.split('.') };
}

/** Operands up to a pipe, which is taken, or up to the end of the pipeline, which is left. */
function parseCommand(state: ParseState): CommandNode {
  const command: CommandNode = { kind: 'command', at: state.stream.peekNonSpace().at, args: [] };
  for (;;) {
    state.stream.peekNonSpace();
    const operand = parseOperand(state);
    if (operand !== undefined) command.args.push(operand);
    const token = state.stream.next();
    if (token.kind === 'space') continue;
    if (token.kind === 'rightDelim' || token.kind === 'rightParen') state.stream.back(token);
    else if (token.kind !== 'pipe') state.unexpected(token, 'operand');
    break;
  }
  if (command.args.length === 0) state.fail('empty command');
  return command;
}

/** A term and the fields behind it. */
function parseOperand(state: ParseState): Operand | undefined {
  const base = parseTerm(state);
  const { kind, at } = state.stream.peek();
  if (base === undefined || kind !== 'field') return base;
  const names: string[] = [];
  while (state.stream.peek().kind === 'field') names.push(state.stream.next().text.slice(1));
  if (base.kind === 'field' || base.kind === 'variable') return { ...base, at, names: [...base.names, ...names] };
  if (constants.has(base.kind)) state.fail(`unexpected . after term "${printNode(base).replace(/["\\]/g, '\\$&')}"`);
  return { kind: 'chain', at, base, names };
}

function parseTerm(state: ParseState): Operand | undefined {
  const token = state.stream.nextNonSpace();
  const { at, text } = token;
  switch (token.kind) {
    case 'identifier':
      if (!state.isFunction(text)) state.fail(`function "${text}" not defined`);
      return { kind: 'identifier', at, name: text };
    case 'dot':
    case 'nil':
      return { kind: token.kind, at };
    case 'bool':
      return { kind: 'bool', at, value: text === 'true' };
    case 'variable':
      if (!state.isDeclared(text)) state.fail(`undefined variable "${text}"`);
      return variableNode(at, text);
    case 'field':
      return { kind: 'field', at, names: [text.slice(1)] };
    case 'charConstant':
    case 'complex':
    case 'number':
      return parseNumber(state, token, token.kind);
    case 'string':
    case 'rawString':
      return { kind: 'string', at, literal: text, text: parseString(state, token) };
    case 'leftParen':
      return state.nest(() => parsePipeline(state, 'parenthesized pipeline', 'rightParen'));
    default:
      state.stream.back(token);
      return undefined;
  }
}

function parseNumber(state: ParseState, { at, text }: Token, kind: 'charConstant' | 'complex' | 'number'): Operand {
  const parsed = parseNumberLiteral(text, kind);
  return typeof parsed === 'string' ? state.fail(parsed) : { kind: 'number', at, literal: text, ...parsed };
}

/** What a string token stands for. */
export function parseString(state: ParseState, { text }: Token): string {
  return unquote(text) ?? state.fail('invalid syntax');
}
