import type { GoFunction } from '../value/function.ts';
import type { GoType } from '../value/type.ts';

/** The functions and methods that templates can call. */
export interface Library {
  readonly functions: ReadonlyMap<string, GoFunction>;
  /** Methods of library types; their first parameter is the receiver. */
  readonly methods: ReadonlyMap<GoType, ReadonlyMap<string, GoFunction>>;
  /** Functions of the language itself, which a library may replace. */
  readonly builtins: ReadonlyMap<string, GoFunction>;
}
