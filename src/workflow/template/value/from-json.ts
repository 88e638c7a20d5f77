import { bytesOf } from './bytes.ts';
import { LimitError } from './error.ts';
import { defaultLimits } from './meter.ts';
import { types } from './type.ts';
import { type Any, GoInteger, GoMap, GoSlice } from './value.ts';

/**
 * A JavaScript value that came from JSON, as the Go value that it would have been there: numbers are float64, as
 * `encoding/json` makes them, and `bigint`s int64, as the Kubernetes client does. Throws `LimitError` when it is nested
 * deeper than a render may go.
 */
export function fromJson(json: unknown, depth = 0): Any {
  if (depth > defaultLimits.depth) throw new LimitError(`the data is nested more than ${defaultLimits.depth} deep`);
  switch (typeof json) {
    case 'string':
      return bytesOf(json);
    case 'boolean':
    case 'number':
      return json;
    case 'bigint':
      return new GoInteger(json, types.int64);
    case 'object':
      if (json === null) return null;
      if (Array.isArray(json)) return new GoSlice(json.map((item) => fromJson(item, depth + 1)));
      return new GoMap(
        new Map(
          Object.entries(json)
            .filter(([, value]) => value !== undefined)
            .map(([key, value]) => [bytesOf(key), fromJson(value, depth + 1)]),
        ),
      );
    default:
      return null;
  }
}
