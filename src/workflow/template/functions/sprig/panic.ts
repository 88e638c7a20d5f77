import { GoError } from '../../value/error.ts';
import { kindOf } from '../../value/inspect.ts';
import { type Any, GoSlice } from '../../value/value.ts';

/** What Go's runtime says when a function does something impossible. Templates see it as the error of that function. */
export const nilDereference = 'runtime error: invalid memory address or nil pointer dereference';

/** `bytes[start:end]`, with Go's complaint when that is out of bounds. */
export function sliceBytes(
  bytes: string,
  start: bigint | number | undefined,
  end: bigint | number | undefined,
): string {
  const length = bytes.length;
  if (end !== undefined && (end < 0 || end > length)) {
    throw new GoError(`runtime error: slice bounds out of range [:${end}]${end < 0 ? '' : ` with length ${length}`}`);
  }
  const last = end ?? length;
  if (start !== undefined && start < 0) throw new GoError(`runtime error: slice bounds out of range [${start}:]`);
  if (start !== undefined && start > last) {
    throw new GoError(`runtime error: slice bounds out of range [${start}:${last}]`);
  }
  return bytes.slice(Number(start ?? 0), Number(last));
}

/** A list given as anything, or the complaint that it is none. */
export function listOrFail(value: Any, complaint: (kind: string) => string): GoSlice {
  if (value === null) throw new GoError(nilDereference);
  if (!(value instanceof GoSlice)) throw new GoError(complaint(kindOf(value)));
  return value;
}
