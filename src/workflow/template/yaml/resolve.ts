import { fitsInt64, parseFloat64, parseInteger } from '../format/parse-number.ts';
import { parseTime } from '../time/parse.ts';
import { GoError } from '../value/error.ts';
import type { YamlScalar } from './node.ts';

/** What a scalar is, by its form, its tag or its quotes. */
export type Resolved = string | number | bigint | boolean | null;

const words: ReadonlyMap<string, Resolved> = new Map<string, Resolved>([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map((word) => [word, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map((word) => [word, false] as const),
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['.nan', '.NaN', '.NAN'].map((word) => [word, Number.NaN] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((word) => [word, Infinity] as const),
  ...['-.inf', '-.Inf', '-.INF'].map((word) => [word, -Infinity] as const),
]);

const floatForm = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
const biggestUnsigned = 2n ** 64n;

const timestampForms = [
  '2006-1-2T15:4:5.999999999Z07:00',
  '2006-1-2t15:4:5.999999999Z07:00',
  '2006-1-2 15:4:5.999999999',
  '2006-1-2',
];

/** True for texts that YAML 1.1 takes for a time. Decoding leaves them strings; writing quotes them. */
export function isTimestamp(text: string): boolean {
  if (!/^[0-9]{4}-/.test(text)) return false;
  return timestampForms.some((form) => {
    try {
      parseTime(form, text);
      return true;
    } catch (error) {
      if (error instanceof GoError) return false;
      throw error;
    }
  });
}

/** What a plain scalar is in YAML 1.1, as Go's yaml.v2 reads it. */
export function resolvePlain(text: string): Resolved {
  const word = words.get(text);
  if (word !== undefined) return word;
  if (/^[-+0-9]/.test(text)) return resolveNumber(text);
  return text.startsWith('.') ? (parseFloat64(text) ?? text) : text;
}

function resolveNumber(text: string): Resolved {
  const digits = text.replaceAll('_', '');
  const whole = parseInteger(digits, 0);
  const fits =
    whole !== undefined && (fitsInt64(whole) || (whole >= 0n && whole < biggestUnsigned && !digits.startsWith('+')));
  if (fits) return whole;
  return floatForm.test(digits) ? (parseFloat64(digits) ?? text) : text;
}

/** What a scalar is, tag and quotes considered. */
export function resolveScalar({ value, isPlain, tag }: YamlScalar): Resolved {
  if (tag === '!!str' || tag === '!' || (tag === '' && !isPlain)) return value;
  if (tag === '!!binary') return Buffer.from(value, 'base64').toString('latin1');
  if (tag === '!!float') {
    const resolved = resolvePlain(value);
    return typeof resolved === 'bigint' ? Number(resolved) : resolved;
  }
  return resolvePlain(value);
}
