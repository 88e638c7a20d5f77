import { quoteRune } from '../format/quote.ts';
import { GoError } from '../value/error.ts';

const spaceAllowed = /^(?:looking for|after (?!decimal)|in string literal)/;

/** `invalid character 'x' looking for beginning of value`: the words of encoding/json. */
export function unexpectedCharacter(json: string, at: number, where: string): GoError {
  // At the end Go goes on as if a space followed, and only where one may stand does it call that the end.
  if (at >= json.length && spaceAllowed.test(where)) return new GoError('unexpected end of JSON input');
  const char = at < json.length ? json.charCodeAt(at) : 0x20;
  // Only the delimiters of the quote itself are written in a way of its own.
  const shown = char === 0x27 ? `'\\''` : char === 0x22 ? `'"'` : quoteRune(char);
  return new GoError(`invalid character ${shown} ${where}`);
}
