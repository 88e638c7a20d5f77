import { decodeJson } from '../../json/decode.ts';
import { encodeJson, indentJson } from '../../json/encode.ts';
import { GoError, LimitError } from '../../value/error.ts';
import { any, anyFn, type Call, fn, type GoFunction } from '../../value/function.ts';
import { string } from '../../value/params.ts';
import type { Any } from '../../value/value.ts';

/** Functions without `must` give nothing when they fail. */
export function lenient<T>(body: () => T, otherwise: T): T {
  try {
    return body();
  } catch (error) {
    if (error instanceof GoError && !(error instanceof LimitError)) return otherwise;
    throw error;
  }
}

const pretty = (call: Call, value: Any) => indentJson(call.meter, encodeJson(call.meter, value), '  ');
const raw = (call: Call, value: Any) => encodeJson(call.meter, value, false);

function encoder(encode: (call: Call, value: Any) => string): { strict: GoFunction; lenient: GoFunction } {
  return { strict: fn([any], encode), lenient: fn([any], (call, value) => lenient(() => encode(call, value), '')) };
}

const plain = encoder((call, value) => encodeJson(call.meter, value));

export const json = {
  fromJson: anyFn([string], (call, text) => lenient(() => decodeJson(call.meter, text), null)),
  mustFromJson: anyFn([string], (call, text) => decodeJson(call.meter, text)),
  toJson: plain.lenient,
  mustToJson: plain.strict,
  toPrettyJson: encoder(pretty).lenient,
  mustToPrettyJson: encoder(pretty).strict,
  // The one that complains although it has no `must`.
  toRawJson: encoder(raw).strict,
  mustToRawJson: encoder(raw).strict,
};
