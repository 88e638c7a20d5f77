/** A text with stars for any characters, taken apart: what has to stand before, between and after them. */
export interface Glob {
  /** One more than there are stars. */
  readonly parts: readonly string[];
}

/** `*` is a star, `\*` and `\\` are the characters themselves. */
export function parseWildcard(text: string): Glob | { problem: string } {
  const parts: string[] = [''];
  const characters = text[Symbol.iterator]();
  let afterStar = false;
  for (const character of characters) {
    if (character === '*') {
      if (afterStar) return { problem: 'two stars side by side: write one' };
      parts.push('');
    } else if (character === '\\') {
      const next = characters.next().value;
      if (next !== '*' && next !== '\\') return { problem: 'a backslash stands only before * and \\: double it' };
      append(parts, next);
    } else append(parts, character);
    afterStar = character === '*';
  }
  return { parts };
}

/** `*` is a star, and there is no way to mean the character. */
export function parseShellstyle(text: string): Glob | { problem: string } {
  if (text.includes('**')) return { problem: 'two stars side by side: write one' };
  return { parts: text.split('*') };
}

function append(parts: string[], text: string): void {
  parts[parts.length - 1] += text;
}

/** True when `text` is the parts with anything in between. Takes time linear in both, whatever they are. */
export function globMatches({ parts }: Glob, text: string): boolean {
  const [first = '', ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  const end = text.length - last.length;
  let at = first.length;
  for (const part of rest) {
    // The first place is as good as any: it leaves most for the parts that follow.
    at = endOf(part, text, at, end);
    if (at < 0) return false;
  }
  return true;
}

/** Where the first `part` between `from` and `end` ends, -1 when there is none. Knuth, Morris, Pratt. */
function endOf(part: string, text: string, from: number, end: number): number {
  const borders = bordersOf(part);
  let matched = 0;
  if (part === '') return from;
  for (let at = from; at < end; at++) {
    while (matched > 0 && text[at] !== part[matched]) matched = borders[matched - 1] ?? 0;
    if (text[at] === part[matched]) matched += 1;
    if (matched === part.length) return at + 1;
  }
  return -1;
}

/** For every beginning of `part`: the length of its longest end that it begins with as well. */
function bordersOf(part: string): number[] {
  const borders = [0];
  let length = 0;
  for (let at = 1; at < part.length; at++) {
    while (length > 0 && part[at] !== part[length]) length = borders[length - 1] ?? 0;
    if (part[at] === part[length]) length += 1;
    borders.push(length);
  }
  return borders;
}
