import { isAscii } from '../value/bytes.ts';
import { runeAt, runeError } from '../value/runes.ts';

const named: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

// Everything below the space is a control character.
const special = /["\\]|[^ -\uffff]/g;
const specialHtml = /["\\<>&]|[^ -\uffff]/g;

function escapeChar(char: string): string {
  return named[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** A string in JSON. Broken bytes become `\ufffd`, and the line separators of JavaScript are escaped. */
export function encodeJsonString(text: string, html: boolean): string {
  const escaped = text.replace(html ? specialHtml : special, escapeChar);
  return `"${isAscii(text) ? escaped : escapeUnicode(escaped)}"`;
}

function escapeUnicode(text: string): string {
  let escaped = '';
  for (let at = 0; at < text.length; ) {
    const { code, size } = runeAt(text, at);
    if (code === runeError && size === 1) escaped += '\\ufffd';
    else if (code === 0x2028 || code === 0x2029) escaped += `\\u${code.toString(16)}`;
    else escaped += text.slice(at, at + size);
    at += size;
  }
  return escaped;
}
