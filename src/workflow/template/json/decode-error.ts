import { quoteRune } from '../format/quote.ts';
import { GoError } from '../value/error.ts';

const spaceAllowed = /^(?:looking for|after (?!decimal)|in string literal)/;

/** JSON that is none, and the offset of the fault in bytes. */
export class JsonError extends GoError {
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/** `invalid character 'x' looking for beginning of value`: the words of encoding/json. */
export function unexpectedCharacter(json: string, at: number, where: string): JsonError {
  // At the end Go goes on as if a space followed, and only where one may stand does it call that the end.
  if (at >= json.length && spaceAllowed.test(where)) return new JsonError('unexpected end of JSON input', at);
  const char = at < json.length ? json.charCodeAt(at) : 0x20;
  // Only the delimiters of the quote itself are written in a way of its own.
  const shown = char === 0x27 ? `'\\''` : char === 0x22 ? `'"'` : quoteRune(char);
  return new JsonError(`invalid character ${shown} ${where}`, at);
}
