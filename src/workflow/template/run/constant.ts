import type { NumberNode, Operand as OperandNode } from '../syntax/node.ts';
import { printNode } from '../syntax/print-node.ts';
import { GoError } from '../value/error.ts';
import type { Param } from '../value/function.ts';
import { zeroOperand } from '../value/inspect.ts';
import { type GoType, types } from '../value/type.ts';
import { GoComplex, GoInteger, type Operand, type Value } from '../value/value.ts';

/** The value of a number whose type nothing decides: its spelling does. */
export function idealConstant({ literal, int, uint, float, complex }: NumberNode): Value {
  if (complex !== undefined) return new GoComplex(complex.real, complex.imaginary);
  const isHexInteger = /^0[xX][^pP]+$/.test(literal);
  if (float !== undefined && !isHexInteger && !literal.startsWith("'") && /[.eEpP]/.test(literal)) return float;
  if (int !== undefined) return new GoInteger(int);
  throw new GoError(uint === undefined ? `illegal constant ${literal}` : `${literal} overflows int`);
}

/** A constant as an argument for a parameter: the parameter decides what it is. */
export function constantArgument(node: OperandNode, { type }: Param<unknown>): Operand {
  if (node.kind === 'nil') {
    if (type === undefined) return undefined;
    if (type.isNillable) return zeroOperand(type);
    throw new GoError(`cannot assign nil to ${type.name}`);
  }
  if (type === undefined || type === types.any) return plainConstant(node);
  if (node.kind === 'number' && type.isInteger) return integerArgument(node, type);
  if (node.kind === 'number' && type.kind === 'float64' && node.float !== undefined) return node.float;
  if (node.kind === 'bool' && type.kind === 'bool') return node.value;
  if (node.kind === 'string' && type.kind === 'string') return node.text;
  throw unexpected(node, type);
}

function integerArgument(node: NumberNode, type: GoType): Operand {
  const value = type.isSigned ? node.int : node.uint;
  if (value === undefined) throw unexpected(node, type);
  return new GoInteger(type.kind === 'uint32' ? BigInt.asUintN(32, value) : value, type);
}

function unexpected(node: OperandNode, { kind, name, isSigned, isUnsigned }: GoType): GoError {
  const isBasic = kind === 'bool' || kind === 'string' || kind === 'float64' || isSigned || isUnsigned;
  if (!isBasic) return new GoError(`can't handle ${printNode(node)} for arg of type ${name}`);
  const what = isSigned ? 'integer' : isUnsigned ? 'unsigned integer' : kind === 'float64' ? 'float' : kind;
  return new GoError(`expected ${what}; found ${printNode(node)}`);
}

function plainConstant(node: OperandNode): Operand {
  switch (node.kind) {
    case 'bool':
      return node.value;
    case 'number':
      return idealConstant(node);
    case 'string':
      return node.text;
    default:
      throw new GoError(`can't handle assignment of ${printNode(node)} to empty interface argument`);
  }
}
