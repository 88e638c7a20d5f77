import type { Meter } from './meter.ts';
import { type GoType, types } from './type.ts';
import { type Any, Boxed, type Operand, unbox } from './value.ts';

/** What functions get besides their arguments. */
export interface Call {
  readonly meter: Meter;
  /** The only clock a template can see, in milliseconds. */
  now(): number;
}

/** A parameter: the Go type it has, and what the body of the function gets. */
export interface Param<T> {
  /** `undefined` for Go's `reflect.Value`: takes anything, also no value. */
  readonly type: GoType | undefined;
  open(operand: Operand): T;
}

/** A function that templates can call. */
export interface GoFunction {
  readonly params: readonly Param<unknown>[];
  /** Of variadic functions: the type of any further argument. */
  readonly rest: Param<unknown> | undefined;
  invoke(call: Call, operands: readonly Operand[]): Operand;
}

/** What a function gives: a value of a type of its own, or whatever was in an interface. */
export type Result = 'value' | 'any';

type Opened<P extends readonly unknown[]> = { [I in keyof P]: P[I] extends Param<infer T> ? T : never };

/** Defines a function with a fixed number of parameters that gives a value of a type of its own. */
export function fn<const P extends readonly Param<unknown>[]>(
  params: P,
  body: (call: Call, ...args: Opened<P>) => Operand,
): GoFunction {
  return {
    params,
    rest: undefined,
    invoke: (call, operands) => body(call, ...(operands.map((operand, i) => params[i]?.open(operand)) as Opened<P>)),
  };
}

/** Like `fn`, for functions that in Go give an `interface{}`. */
export function anyFn<const P extends readonly Param<unknown>[]>(
  params: P,
  body: (call: Call, ...args: Opened<P>) => Any,
): GoFunction {
  return fn(params, (call, ...args) => new Boxed(body(call, ...args)));
}

/** Defines a variadic function. */
export function variadic<const P extends readonly Param<unknown>[], R>(
  params: P,
  rest: Param<R>,
  body: (call: Call, rest: R[], ...args: Opened<P>) => Operand,
): GoFunction {
  return {
    params,
    rest,
    invoke(call, operands) {
      const args = params.map((param, i) => param.open(operands[i])) as Opened<P>;
      return body(
        call,
        operands.slice(params.length).map((operand) => rest.open(operand)),
        ...args,
      );
    },
  };
}

/** Like `variadic`, for functions that in Go give an `interface{}`. */
export function anyVariadic<const P extends readonly Param<unknown>[], R>(
  params: P,
  rest: Param<R>,
  body: (call: Call, rest: R[], ...args: Opened<P>) => Any,
): GoFunction {
  return variadic(params, rest, (call, others, ...args) => new Boxed(body(call, others, ...args)));
}

/** A parameter of type `interface{}`. */
export const any: Param<Any> = { type: types.any, open: (operand) => unbox(operand) ?? null };

/** A parameter of type `reflect.Value`. */
export const operand: Param<Operand> = { type: undefined, open: (value) => value };
