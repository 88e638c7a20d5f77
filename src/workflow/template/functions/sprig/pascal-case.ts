import { encodeRunes, runesOf } from '../../value/runes.ts';
import { isSpace, isUpper, toLower, toUpper } from '../../value/unicode.ts';

/** What stands between words. */
export function isConnector(code: number): boolean {
  return code === 0x2d || code === 0x5f || isSpace(code);
}

/**
 * `some_words` to `SomeWords`. Words written all in capitals become words with one capital; connectors at either end,
 * and the second of two in a row, stay.
 */
export function toPascalCase(text: string): string {
  const runes = runesOf(text);
  const start = runes.findIndex((code) => !isConnector(code));
  // Nothing but connectors: the last one is written twice by the original, unless it is alone... so it is here.
  if (start < 0) return encodeRunes(runes.length === 0 ? runes : [...runes, ...runes.slice(-1)]);
  const out = runes.slice(0, start);
  let shouting = isUpper(runes[start] ?? 0);
  let held = toUpper(runes[start] ?? 0);
  for (const next of runes.slice(start + 1)) {
    const previous = held;
    held = next;
    if (isConnector(next) && isConnector(previous)) {
      out.push(previous);
    } else if (isConnector(previous)) {
      shouting = isUpper(next);
      held = toUpper(next);
    } else {
      if (shouting && isUpper(next)) held = toLower(next);
      else if (shouting) shouting = false;
      out.push(previous);
    }
  }
  out.push(held);
  return encodeRunes(out);
}
