import { sprint } from '../../format/print.ts';
import { any, type Call, variadic } from '../../value/function.ts';
import { indirect } from '../../value/inspect.ts';
import { runeAt } from '../../value/runes.ts';
import { isPrint } from '../../value/unicode.ts';
import { type Any, GoPointer, unbox } from '../../value/value.ts';

/** The arguments as one text, as an action would print them. */
function textOfAll(call: Call, args: readonly Any[]): string {
  const shown = args.map((arg) => (arg instanceof GoPointer ? (unbox(indirect(arg).value) ?? null) : arg));
  // Where an action would say "<no value>", nil says "<no value>" here as well.
  const text = sprint(
    call.meter,
    shown.map((arg) => (arg === null ? '<no value>' : arg)),
  );
  call.meter.grow(6 * text.length);
  return text;
}

const htmlEscapes: Readonly<Record<string, string>> = {
  '\0': '\xef\xbf\xbd',
  '"': '&#34;',
  "'": '&#39;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
};

export function escapeHtml(text: string): string {
  return text.replace(/[\0"'&<>]/g, (char) => htmlEscapes[char] ?? char);
}

const hex = (code: number, digits: number) => code.toString(16).toUpperCase().padStart(digits, '0');

export function escapeJs(text: string): string {
  let escaped = '';
  for (let at = 0; at < text.length; ) {
    const { code, size } = runeAt(text, at);
    const char = text.slice(at, at + size);
    if (code >= 0x80) escaped += isPrint(code) ? char : `\\u${hex(code, 4)}`;
    else if ('\\\'"'.includes(char)) escaped += `\\${char}`;
    else escaped += code < 0x20 || '<>&='.includes(char) ? `\\u${hex(code, 4)}` : char;
    at += size;
  }
  return escaped;
}

export function escapeQuery(text: string): string {
  return text.replace(/[^A-Za-z0-9_.~-]/g, (char) => (char === ' ' ? '+' : `%${hex(char.charCodeAt(0), 2)}`));
}

const escaper = (by: (text: string) => string) => variadic([], any, (call, args) => by(textOfAll(call, args)));

export const escapes = {
  html: escaper(escapeHtml),
  js: escaper(escapeJs),
  urlquery: escaper(escapeQuery),
};
