import { position } from '../syntax/lexer.ts';
import { bytesOf, textOf } from '../value/bytes.ts';
import { defaultLimits, Meter } from '../value/meter.ts';
import { decodeJson } from './decode.ts';
import { JsonError } from './decode-error.ts';

/**
 * `JSON.parse` whose errors say where and what. JavaScript's own quote the text instead, and that may hold secrets.
 * Throws `SyntaxError`: line and byte column of the fault, both counted from 1.
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SyntaxError(faultOf(bytesOf(text)));
  }
}

function faultOf(json: string): string {
  try {
    decodeJson(new Meter({ ...defaultLimits, workBytes: Number.POSITIVE_INFINITY }), json);
  } catch (error) {
    if (error instanceof JsonError) {
      const { line, column } = position(json, error.at);
      return `line ${line}, column ${column + 1}: ${textOf(error.message)}`;
    }
  }
  return 'it is no valid JSON';
}
