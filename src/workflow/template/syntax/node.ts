/** Parts of a parsed template. `at` is a byte offset in the template's text. */
interface NodeBase {
  readonly at: number;
}

export interface ListNode extends NodeBase {
  readonly kind: 'list';
  readonly nodes: Node[];
}

export interface TextNode extends NodeBase {
  readonly kind: 'text';
  readonly text: string;
}

export interface ActionNode extends NodeBase {
  readonly kind: 'action';
  readonly pipe: PipeNode;
}

/** `if`, `with` or `range`. */
export interface BranchNode extends NodeBase {
  readonly kind: 'if' | 'with' | 'range';
  readonly pipe: PipeNode;
  readonly list: ListNode;
  readonly elseList: ListNode | undefined;
}

export interface TemplateNode extends NodeBase {
  readonly kind: 'template';
  readonly name: string;
  readonly pipe: PipeNode | undefined;
}

export interface JumpNode extends NodeBase {
  readonly kind: 'break' | 'continue';
}

/** What can stand in a list. */
export type Node = TextNode | ActionNode | BranchNode | TemplateNode | JumpNode;

export interface PipeNode extends NodeBase {
  readonly kind: 'pipe';
  /** `=` instead of `:=`. */
  isAssign: boolean;
  readonly declared: VariableNode[];
  readonly commands: CommandNode[];
}

export interface CommandNode extends NodeBase {
  readonly kind: 'command';
  readonly args: Operand[];
}

export interface IdentifierNode extends NodeBase {
  readonly kind: 'identifier';
  readonly name: string;
}

export interface FieldNode extends NodeBase {
  readonly kind: 'field';
  readonly names: readonly string[];
}

/** A variable, its name with the dollar sign first, and fields of it. */
export interface VariableNode extends NodeBase {
  readonly kind: 'variable';
  readonly names: readonly string[];
}

/** Fields of anything else, usually of a pipeline in parentheses. */
export interface ChainNode extends NodeBase {
  readonly kind: 'chain';
  readonly base: Operand;
  readonly names: readonly string[];
}

export interface DotNode extends NodeBase {
  readonly kind: 'dot' | 'nil';
}

export interface BoolNode extends NodeBase {
  readonly kind: 'bool';
  readonly value: boolean;
}

export interface StringNode extends NodeBase {
  readonly kind: 'string';
  /** As it is written, with quotes. */
  readonly literal: string;
  readonly text: string;
}

/** A number constant. Like Go's it has no type yet: it is whatever it can be without loss. */
export interface NumberNode extends NodeBase {
  readonly kind: 'number';
  readonly literal: string;
  readonly int: bigint | undefined;
  readonly uint: bigint | undefined;
  readonly float: number | undefined;
  readonly complex: { readonly real: number; readonly imaginary: number } | undefined;
}

/** What a command consists of. */
export type Operand =
  | IdentifierNode
  | FieldNode
  | VariableNode
  | ChainNode
  | DotNode
  | BoolNode
  | StringNode
  | NumberNode
  | PipeNode;

export type AnyNode = Node | ListNode | CommandNode | Operand;
