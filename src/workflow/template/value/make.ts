import { anySlice, intSlice, stringSlice, types } from './type.ts';
import { type Any, GoInteger, GoMap, GoSlice, type Value } from './value.ts';

/** Values as functions give them. */
export const int = (value: number | bigint): GoInteger => new GoInteger(BigInt.asIntN(64, BigInt(value)));
export const int64 = (value: bigint): GoInteger => new GoInteger(BigInt.asIntN(64, value), types.int64);
export const strings = (items: readonly string[]): GoSlice => new GoSlice(items, stringSlice);
export const ints = (items: readonly (number | bigint)[]): GoSlice => new GoSlice(items.map(int), intSlice);
export const anys = (items: readonly Any[]): GoSlice => new GoSlice(items);
export const nilAnys = (): GoSlice => new GoSlice([], anySlice, true);
export const nilStrings = (): GoSlice => new GoSlice([], stringSlice, true);
export const dict = (entries: Iterable<readonly [string, Any]>): GoMap => new GoMap(new Map(entries));
export const isString = (value: Value | null | undefined): value is string => typeof value === 'string';
