import type {
  AnyNode,
  ChainNode,
  CommandNode,
  IdentifierNode,
  Operand as OperandNode,
  PipeNode,
  VariableNode,
} from '../syntax/node.ts';
import { printNode } from '../syntax/print-node.ts';
import type { TemplateSet } from '../syntax/tree.ts';
import { GoError, LimitError } from '../value/error.ts';
import type { Call, GoFunction, Param } from '../value/function.ts';
import { declaredType, indirect, isTrue } from '../value/inspect.ts';
import { GoObject, type Operand, unbox } from '../value/value.ts';
import { constantArgument, idealConstant } from './constant.ts';
import { convert } from './convert.ts';
import { fieldOf } from './field.ts';
import type { Frame } from './frame.ts';
import type { Library } from './library.ts';
import { errorAt } from './position.ts';
import type { TemplateError } from './template-error.ts';

/** Stands for "nothing came through the pipe"; no value can be mistaken for it. */
const nothing = Symbol('nothing');
type Piped = Operand | typeof nothing;

/** A parameter for what stands before a chain of fields: anything, even nothing. */
const untyped: Param<Operand> = { type: undefined, open: (operand) => operand };

/** Finds the values of pipelines. What it is called for decides what is written. */
export class Evaluator {
  /** The invocation being evaluated. */
  frame: Frame;
  readonly #set: TemplateSet;
  readonly #library: Library;
  readonly #call: Call;

  constructor(set: TemplateSet, library: Library, call: Call, frame: Frame) {
    this.#set = set;
    this.#library = library;
    this.#call = call;
    this.frame = frame;
  }

  /** Says where evaluation is. */
  at(node: AnyNode): void {
    this.#call.meter.step();
    this.frame.node = node;
  }

  /** An error here. */
  error(message: string): TemplateError {
    return errorAt(this.#set, this.frame, message);
  }

  pipeline(dot: Operand, pipe: PipeNode): Operand {
    this.at(pipe);
    let piped: Piped = nothing;
    for (const command of pipe.commands) piped = unbox(this.#command(dot, command, piped));
    const value = piped === nothing ? undefined : piped;
    for (const { names } of pipe.declared) {
      const name = names[0] ?? '';
      if (!pipe.isAssign) this.frame.declare(name, value);
      else this.assign(name, value);
    }
    return value;
  }

  assign(name: string, value: Operand): void {
    if (!this.frame.assign(name, value)) throw this.error(`undefined variable: ${name}`);
  }

  #command(dot: Operand, command: CommandNode, piped: Piped): Operand {
    const [first, ...args] = command.args;
    if (first === undefined) throw this.error('empty command');
    switch (first.kind) {
      case 'field':
        this.at(first);
        return this.#fields(dot, dot, first, first.names, args, piped);
      case 'chain':
        return this.#chain(dot, first, args, piped);
      case 'identifier':
        return this.#function(dot, first, command, args, piped);
      case 'variable':
        return this.#variable(dot, first, args, piped);
      case 'pipe':
        this.#refuseArguments(first, args, piped);
        return this.pipeline(dot, first);
      default:
        this.at(first);
        this.#refuseArguments(first, args, piped);
        return this.#constant(dot, first);
    }
  }

  #refuseArguments(first: OperandNode, args: readonly OperandNode[], piped: Piped): void {
    if (args.length > 0 || piped !== nothing) {
      throw this.error(`can't give argument to non-function ${printNode(first)}`);
    }
  }

  #constant(dot: Operand, node: OperandNode): Operand {
    switch (node.kind) {
      case 'bool':
        return node.value;
      case 'dot':
        return dot;
      case 'nil':
        throw this.error('nil is not a command');
      case 'number':
        return this.#guard(() => idealConstant(node));
      case 'string':
        return node.text;
      default:
        throw this.error(`can't evaluate command "${printNode(node)}"`);
    }
  }

  #chain(dot: Operand, node: ChainNode, args: readonly OperandNode[], piped: Piped): Operand {
    this.at(node);
    const base = this.#argument(dot, untyped, node.base);
    return this.#fields(dot, base, node, node.names, args, piped);
  }

  #variable(dot: Operand, node: VariableNode, args: readonly OperandNode[], piped: Piped): Operand {
    this.at(node);
    const [name = '', ...fields] = node.names;
    const variable = this.frame.lookup(name);
    if (variable === undefined) throw this.error(`undefined variable: ${name}`);
    if (fields.length > 0) return this.#fields(dot, variable.value, node, fields, args, piped);
    this.#refuseArguments(node, args, piped);
    return variable.value;
  }

  #fields(
    dot: Operand,
    start: Operand,
    node: OperandNode,
    names: readonly string[],
    args: readonly OperandNode[],
    piped: Piped,
  ): Operand {
    let receiver = start;
    const last = names.length - 1;
    for (const [i, name] of names.entries()) {
      receiver =
        i < last
          ? this.#field(dot, receiver, node, name, [], nothing)
          : this.#field(dot, receiver, node, name, args, piped);
    }
    return receiver;
  }

  #field(
    dot: Operand,
    receiver: Operand,
    node: OperandNode,
    name: string,
    args: readonly OperandNode[],
    piped: Piped,
  ): Operand {
    const { value } = indirect(receiver);
    const method = value instanceof GoObject ? this.#library.methods.get(value.type)?.get(name) : undefined;
    if (method === undefined) return this.#guard(() => fieldOf(receiver, name, args.length > 0 || piped !== nothing));
    const [, ...params] = method.params;
    const bound: GoFunction = {
      params,
      rest: method.rest,
      invoke: (call, operands) => method.invoke(call, [value, ...operands]),
    };
    return this.#invoke(dot, bound, node, name, args, piped);
  }

  #function(dot: Operand, node: IdentifierNode, place: AnyNode, args: readonly OperandNode[], piped: Piped): Operand {
    this.at(node);
    const { name } = node;
    const found = this.#library.functions.get(name);
    if (found !== undefined) return this.#invoke(dot, found, place, name, args, piped);
    const builtin = this.#library.builtins.get(name);
    if (builtin === undefined) throw this.error(`"${name}" is not a defined function`);
    if (name === 'and' || name === 'or') return this.#junction(dot, builtin, name, args, piped);
    if (name === 'call') return this.#callValue(dot, builtin, place, args, piped);
    return this.#invoke(dot, builtin, place, name, args, piped);
  }

  /** `and` and `or` look at no more arguments than they need. */
  #junction(dot: Operand, fn: GoFunction, name: string, args: readonly OperandNode[], piped: Piped): Operand {
    this.#countArguments(fn, name, args, piped);
    let value: Operand;
    for (const arg of args) {
      value = this.#argument(dot, untyped, arg);
      if (isTrue(unbox(value)) === (name === 'or')) return value;
    }
    return piped === nothing ? value : piped;
  }

  /** `call`: there are no function values here, so that all it can do is to say so. */
  #callValue(dot: Operand, fn: GoFunction, place: AnyNode, args: readonly OperandNode[], piped: Piped): Operand {
    this.#countArguments(fn, 'call', args, piped);
    const [first] = args;
    const values = args.map((arg) => this.#argument(dot, untyped, arg));
    const callee = unbox(first === undefined && piped !== nothing ? piped : values[0]);
    this.at(place);
    if (callee === undefined) throw this.error('error calling call: call of nil');
    const type = declaredType(callee).name;
    const name = first === undefined ? (typeof callee === 'string' ? callee : `<${type} Value>`) : printNode(first);
    throw this.error(`error calling call: non-function ${name} of type ${type}`);
  }

  #countArguments(fn: GoFunction, name: string, args: readonly OperandNode[], piped: Piped): void {
    const given = args.length + (piped === nothing ? 0 : 1);
    const wanted = fn.params.length;
    if (fn.rest !== undefined && given < wanted) {
      throw this.error(`wrong number of args for ${name}: want at least ${wanted} got ${args.length}`);
    }
    if (fn.rest === undefined && given !== wanted) {
      throw this.error(`wrong number of args for ${name}: want ${wanted} got ${given}`);
    }
  }

  #invoke(
    dot: Operand,
    fn: GoFunction,
    place: AnyNode,
    name: string,
    args: readonly OperandNode[],
    piped: Piped,
  ): Operand {
    this.#countArguments(fn, name, args, piped);
    const paramAt = (i: number) => fn.params[i] ?? fn.rest ?? untyped;
    const operands = args.map((arg, i) => this.#argument(dot, paramAt(i), arg));
    if (piped !== nothing) operands.push(this.#guard(() => convert(piped, paramAt(args.length))));
    try {
      return fn.invoke(this.#call, operands);
    } catch (error) {
      if (!(error instanceof GoError)) throw error;
      this.at(place);
      throw this.error(error instanceof LimitError ? error.message : `error calling ${name}: ${error.message}`);
    }
  }

  #argument(dot: Operand, param: Param<unknown>, node: OperandNode): Operand {
    this.at(node);
    switch (node.kind) {
      case 'dot':
        return this.#guard(() => convert(dot, param));
      case 'field':
        return this.#converted(this.#fields(dot, dot, node, node.names, [], nothing), param);
      case 'variable':
        return this.#converted(this.#variable(dot, node, [], nothing), param);
      case 'pipe':
        return this.#converted(this.pipeline(dot, node), param);
      case 'identifier':
        return this.#converted(this.#function(dot, node, node, [], nothing), param);
      case 'chain':
        return this.#converted(this.#chain(dot, node, [], nothing), param);
      default:
        return this.#guard(() => constantArgument(node, param));
    }
  }

  #converted(operand: Operand, param: Param<unknown>): Operand {
    return param.type === undefined ? operand : this.#guard(() => convert(operand, param));
  }

  /** Gives the errors of `body` a place. */
  #guard<T>(body: () => T): T {
    try {
      return body();
    } catch (error) {
      throw error instanceof GoError ? this.error(error.message) : error;
    }
  }
}
