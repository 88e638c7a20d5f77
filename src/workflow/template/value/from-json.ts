import { bytesOf } from './bytes.ts';
import { types } from './type.ts';
import { type Any, GoInteger, GoMap, GoSlice } from './value.ts';

/** What becomes of whole numbers: `encoding/json` makes them float64, the Kubernetes client int64. */
export type WholeNumbers = 'float64' | 'int64';

/** A JavaScript value that came from JSON, as the Go value that it would have been there. */
export function fromJson(json: unknown, wholeNumbers: WholeNumbers = 'float64'): Any {
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
      if (Array.isArray(json)) return new GoSlice(json.map((item) => fromJson(item, wholeNumbers)));
      return new GoMap(
        new Map(
          Object.entries(json)
            .filter(([, value]) => value !== undefined)
            .map(([key, value]) => [bytesOf(key), fromJson(value, wholeNumbers)]),
        ),
      );
    default:
      return null;
  }
}
