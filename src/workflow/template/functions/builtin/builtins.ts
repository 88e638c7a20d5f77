import type { GoFunction } from '../../value/function.ts';
import { collections } from './collection.ts';
import { comparisons } from './compare.ts';
import { escapes } from './escape.ts';
import { logic } from './logic.ts';
import { printing } from './print.ts';

/** The functions of the template language itself. */
export const builtins: ReadonlyMap<string, GoFunction> = new Map(
  Object.entries({ ...collections, ...comparisons, ...escapes, ...logic, ...printing }),
);
