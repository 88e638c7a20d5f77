import { quote } from '../format/quote.ts';
import { runeAt } from '../value/runes.ts';
import { keywords, type Token } from './token.ts';

/** A token as error messages show it. */
export function describeToken({ kind, text }: Token): string {
  if (kind === 'eof') return 'EOF';
  if (kind === 'error') return text;
  if (kind === 'dot' || keywords.has(kind)) return `<${text}>`;
  return text.length > 10 ? `${quote(firstRunes(text, 10))}...` : quote(text);
}

function firstRunes(text: string, count: number): string {
  let at = 0;
  for (let left = count; left > 0 && at < text.length; left--) at += runeAt(text, at).size;
  return text.slice(0, at);
}
