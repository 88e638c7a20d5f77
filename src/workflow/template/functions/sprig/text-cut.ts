import { GoError } from '../../value/error.ts';
import { type Call, fn } from '../../value/function.ts';
import { int, string, wholeInt } from '../../value/params.ts';
import { encodeRune, runeAt, runeBefore, runesOf } from '../../value/runes.ts';
import { isSpace } from '../../value/unicode.ts';
import { sliceBytes } from './panic.ts';
import { wrapText } from './wrap.ts';

type Test = (code: number) => boolean;

function trimStart(text: string, drop: Test): string {
  let at = 0;
  while (at < text.length) {
    const { code, size } = runeAt(text, at);
    if (!drop(code)) break;
    at += size;
  }
  return text.slice(at);
}

function trimEnd(text: string, drop: Test): string {
  let end = text.length;
  while (end > 0) {
    const { code, size } = runeBefore(text, end);
    if (!drop(code)) break;
    end -= size;
  }
  return text.slice(0, end);
}

function trimAll(cutset: string, text: string): string {
  const runes = new Set(runesOf(cutset));
  const drop: Test = (code) => runes.has(code);
  return trimEnd(trimStart(text, drop), drop);
}

/** Drops spaces byte by byte, as the original does: what is beyond ASCII is taken apart unless nothing was dropped. */
function noSpace(call: Call, text: string): string {
  call.meter.step(text.length >> 3);
  call.meter.grow(2 * text.length);
  const kept = Array.from(text, (char) => char.charCodeAt(0)).filter((code) => !isSpace(code));
  return kept.length === text.length ? text : kept.map(encodeRune).join('');
}

function abbreviate(text: string, offset: number, width: number): string {
  if (text.length <= width) return text;
  const room = width - 3;
  const start = Math.min(Math.min(offset, text.length), text.length - room);
  if (start <= 4) return `${sliceBytes(text, 0, room)}...`;
  if (width < 7) return '';
  if (start + room >= text.length) return `...${text.slice(text.length - room)}`;
  return `...${abbreviate(text.slice(start), 0, room)}`;
}

/** A left edge so far out that in Go the distance to the end of the text overflows is taken for one behind the end. */
function leftEdge(left: bigint, text: string): number {
  const distance = BigInt.asIntN(64, BigInt(text.length) - left);
  return left < 0 && distance < 0 ? text.length : Number(left);
}

function truncate(count: number, text: string): string {
  if (count < 0 && text.length + count > 0) return text.slice(text.length + count);
  return count >= 0 && text.length > count ? text.slice(0, count) : text;
}

function substring(start: bigint, end: bigint, text: string): string {
  if (start < 0) return sliceBytes(text, undefined, end);
  return sliceBytes(text, start, end < 0 || end > text.length ? undefined : end);
}

/** `strings.Repeat`, counted before it is made. */
export function repeat(call: Call, text: string, count: number): string {
  if (count < 0) throw new GoError('strings: negative Repeat count');
  call.meter.grow(text.length * count);
  return text.repeat(count);
}

function indent(call: Call, spaces: number, text: string): string {
  const padding = repeat(call, ' ', spaces);
  const lines = text.split('\n');
  call.meter.grow(text.length + lines.length * padding.length);
  return padding + lines.join(`\n${padding}`);
}

const trimAllFn = fn([string, string], (_call, cutset, text) => trimAll(cutset, text));

export const textCuts = {
  abbrev: fn([int, string], (_call, width, text) => (width < 4 ? text : abbreviate(text, 0, width))),
  abbrevboth: fn([wholeInt, int, string], (_call, left, right, text) =>
    right < 4 || (left > 0 && right < 7) ? text : abbreviate(text, leftEdge(left, text), right),
  ),
  trunc: fn([int, string], (_call, count, text) => truncate(count, text)),
  substr: fn([wholeInt, wholeInt, string], (_call, start, end, text) => substring(start, end, text)),
  trim: fn([string], (_call, text) => trimEnd(trimStart(text, isSpace), isSpace)),
  trimAll: trimAllFn,
  trimall: trimAllFn,
  trimPrefix: fn([string, string], (_call, prefix, text) =>
    text.startsWith(prefix) ? text.slice(prefix.length) : text,
  ),
  trimSuffix: fn([string, string], (_call, suffix, text) =>
    text.endsWith(suffix) ? text.slice(0, text.length - suffix.length) : text,
  ),
  nospace: fn([string], noSpace),
  repeat: fn([int, string], (call, count, text) => repeat(call, text, count)),
  indent: fn([int, string], indent),
  nindent: fn([int, string], (call, spaces, text) => `\n${indent(call, spaces, text)}`),
  wrap: fn([int, string], (call, width, text) => wrapText(call, text, width, '\n', false)),
  wrapWith: fn([int, string, string], (call, width, newline, text) =>
    wrapText(call, text, width, newline === '' ? '\n' : newline, true),
  ),
};
