import { runeAt } from '../value/runes.ts';
import { isDigit, isLetter } from '../value/unicode.ts';
import type { Captures } from './machine.ts';

/** A replacement with `$1`, `$name` and `${name}` filled in; `$$` is a dollar sign. */
export function expand(replacement: string, text: string, match: Captures, names: readonly string[]): string {
  let expanded = '';
  let rest = replacement;
  for (;;) {
    const dollar = rest.indexOf('$');
    if (dollar < 0) return expanded + rest;
    expanded += rest.slice(0, dollar);
    rest = rest.slice(dollar + 1);
    if (rest.startsWith('$')) {
      expanded += '$';
      rest = rest.slice(1);
      continue;
    }
    const reference = parseReference(rest);
    if (reference === undefined) expanded += '$';
    else {
      expanded += groupText(reference.name, text, match, names);
      rest = rest.slice(reference.length);
    }
  }
}

/** The name after a dollar sign, as long as it gets: `$1x` is the group `1x`. */
function parseReference(rest: string): { name: string; length: number } | undefined {
  const isBraced = rest.startsWith('{');
  let end = isBraced ? 1 : 0;
  while (end < rest.length) {
    const { code, size } = runeAt(rest, end);
    if (code !== 0x5f && !isLetter(code) && !isDigit(code)) break;
    end += size;
  }
  const name = rest.slice(isBraced ? 1 : 0, end);
  if (name === '' || (isBraced && rest.charAt(end) !== '}')) return undefined;
  return { name, length: isBraced ? end + 1 : end };
}

function groupText(name: string, text: string, match: Captures, names: readonly string[]): string {
  const isNumber = /^[0-9]+$/.test(name) && (name.length === 1 || !name.startsWith('0')) && Number(name) < 1e8;
  const index = isNumber ? Number(name) : names.lastIndexOf(name);
  const start = match[2 * index] ?? -1;
  const end = match[2 * index + 1] ?? -1;
  return index < 0 || start < 0 ? '' : text.slice(start, end);
}
