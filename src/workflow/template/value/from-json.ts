import { bytesOf } from './bytes.ts';
import { LimitError } from './error.ts';
import { defaultLimits } from './meter.ts';
import { types } from './type.ts';
import { type Any, GoInteger, GoMap, GoSlice } from './value.ts';

/** What becomes of whole numbers: `encoding/json` makes them float64, the Kubernetes client int64. */
export type WholeNumbers = 'float64' | 'int64';

/**
 * A JavaScript value that came from JSON, as the Go value that it would have been there. Throws `LimitError` when it is
 * nested deeper than a render may go.
 */
export function fromJson(json: unknown, wholeNumbers: WholeNumbers = 'float64', depth = 0): Any {
  if (depth > defaultLimits.depth) throw new LimitError(`the data is nested more than ${defaultLimits.depth} deep`);
  switch (typeof json) {
    case 'string':
      return bytesOf(json);
    case 'boolean':
      return json;
    case 'number':
      return wholeNumbers === 'int64' && Number.isSafeInteger(json) ? new GoInteger(BigInt(json), types.int64) : json;
    case 'bigint':
      return new GoInteger(json, types.int64);
    case 'object':
      if (json === null) return null;
      if (Array.isArray(json)) return new GoSlice(json.map((item) => fromJson(item, wholeNumbers, depth + 1)));
      return new GoMap(
        new Map(
          Object.entries(json)
            .filter(([, value]) => value !== undefined)
            .map(([key, value]) => [bytesOf(key), fromJson(value, wholeNumbers, depth + 1)]),
        ),
      );
    default:
      return null;
  }
}
