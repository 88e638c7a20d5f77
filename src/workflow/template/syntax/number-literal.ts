import { parseFloat64, parseInteger } from '../format/parse-number.ts';
import { quote } from '../format/quote.ts';
import { unquoteChar } from '../format/unquote.ts';
import type { NumberNode } from './node.ts';

type Parsed = Omit<NumberNode, 'kind' | 'at' | 'literal'>;

const none: Parsed = { int: undefined, uint: undefined, float: undefined, complex: undefined };
const maxInt = 2n ** 63n - 1n;
const maxUint = 2n ** 64n - 1n;

/** What a number or character constant stands for, or why it stands for nothing. */
export function parseNumberLiteral(literal: string, kind: 'charConstant' | 'complex' | 'number'): Parsed | string {
  if (kind === 'charConstant') return parseChar(literal);
  if (kind === 'complex') return parseComplex(literal);
  if (literal.endsWith('i')) {
    const imaginary = parseFloat64(literal.slice(0, -1));
    if (imaginary !== undefined) return simplified(0, imaginary);
  }
  const whole = parseInteger(literal, 0);
  if (whole !== undefined && whole <= maxUint && whole >= -maxInt - 1n) return ofInteger(whole, literal);
  const float = parseFloat64(literal);
  if (float === undefined) return `illegal number syntax: ${quote(literal)}`;
  // A float that looks like an integer is an integer too large for any type.
  if (!/[.eEpP]/.test(literal)) return `integer overflow: ${quote(literal)}`;
  return ofFloat(float);
}

function ofInteger(whole: bigint, literal: string): Parsed {
  const int = whole <= maxInt ? whole : undefined;
  const uint = whole >= 0n && (!/^[+-]/.test(literal) || whole === 0n) ? whole : undefined;
  return { ...none, int, uint, float: Number(whole) };
}

function ofFloat(float: number): Parsed {
  const whole = Number.isInteger(float) ? BigInt(float) : undefined;
  const fits = (low: bigint, high: bigint) =>
    whole !== undefined && whole >= low && whole <= high ? whole : undefined;
  return { ...none, float, int: fits(-maxInt - 1n, maxInt), uint: fits(0n, maxUint) };
}

function simplified(real: number, imaginary: number): Parsed {
  const complex = { real, imaginary };
  return imaginary === 0 ? { ...ofFloat(real), complex } : { ...none, complex };
}

function parseChar(literal: string): Parsed | string {
  const char = unquoteChar(literal, 1, "'");
  if (char === undefined) return 'invalid syntax';
  if (literal.slice(char.next) !== "'") return `malformed character constant: ${literal}`;
  const code = BigInt(char.code);
  return { ...none, int: code, uint: code, float: char.code };
}

function parseComplex(literal: string): Parsed | string {
  const [, real = '', imaginary = ''] = /^(.*?[^eEpP+-])([+-].*)i$/.exec(literal) ?? [];
  const parts = [parseFloat64(real), parseFloat64(imaginary)] as const;
  if (parts[0] === undefined || parts[1] === undefined) return 'syntax error scanning complex number';
  return simplified(parts[0], parts[1]);
}
