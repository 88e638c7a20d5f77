import { Regexp } from '../template/regexp/regexp.ts';
import { bytesOf, textOf } from '../template/value/bytes.ts';
import { GoError } from '../template/value/error.ts';
import { defaultLimits, Meter } from '../template/value/meter.ts';
import { foldCase } from './fold.ts';
import { globMatches, parseShellstyle, parseWildcard } from './glob.ts';
import { translateRegexp } from './i-regexp.ts';
import type { Alternative, TextAlternative } from './pattern.ts';

/** What an entry of a list in a pattern means; `absent` is `{"exists": false}`. */
export type ParsedAlternative = { alternative: Alternative } | { absent: true } | { problem: string };

/** These stand alone in their list. */
const alone = ['exists', 'anything-but', 'regexp'];

const readers: Readonly<Record<string, (value: unknown) => ParsedAlternative>> = {
  prefix: text((prefix) => ({ alternative: { kind: 'prefix', prefix } })),
  shellstyle: text((value) => globbed(parseShellstyle(value))),
  wildcard: text((value) => globbed(parseWildcard(value))),
  'equals-ignore-case': text((value) => ({ alternative: { kind: 'ignore-case', folded: foldCase(value) } })),
  regexp: text(readRegexp),
  exists: (value) => {
    if (typeof value !== 'boolean') return { problem: 'has to be true or false' };
    return value ? { alternative: { kind: 'exists' } } : { absent: true };
  },
  'anything-but': (value) => {
    if (!Array.isArray(value) || value.length === 0 || !value.every((item) => typeof item === 'string')) {
      return { problem: 'has to be a list of texts, not an empty one' };
    }
    return { alternative: { kind: 'anything-but', texts: new Set(value) } };
  },
};

/** Reads one entry of a list of alternatives. `count`: how many there are in it. */
export function parseAlternative(json: unknown, count: number): ParsedAlternative {
  if (Array.isArray(json)) return { problem: 'has to be a value, not a list in a list' };
  if (typeof json !== 'object' || json === null) return { alternative: { kind: 'value', value: json as string } };
  const [[type = '', value] = [], ...more] = Object.entries(json);
  const reader = Object.hasOwn(readers, type) ? readers[type] : undefined;
  if (reader === undefined || more.length > 0) {
    return { problem: `has to be a value, or an object with one of the keys ${Object.keys(readers).join(', ')}` };
  }
  if (alone.includes(type) && count > 1) return { problem: `"${type}" has to stand alone in its list` };
  const parsed = reader(value);
  return 'problem' in parsed ? { problem: `"${type}" ${parsed.problem}` } : parsed;
}

function text(read: (text: string) => ParsedAlternative): (value: unknown) => ParsedAlternative {
  return (value) => (typeof value === 'string' ? read(value) : { problem: 'has to be a text' });
}

function globbed(glob: ReturnType<typeof parseWildcard>): ParsedAlternative {
  return 'problem' in glob ? { problem: `has ${glob.problem}` } : { alternative: { kind: 'glob', glob } };
}

function readRegexp(source: string): ParsedAlternative {
  const translated = translateRegexp(source);
  if ('problem' in translated) return { problem: `is no I-Regexp (RFC 9485, with ~ for \\): ${translated.problem}` };
  const expression = bytesOf(translated.expression);
  try {
    new Regexp(new Meter(defaultLimits), expression);
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    return { problem: `cannot be used: ${textOf(error.message).replace(/: `.*`$/s, '')}` };
  }
  return { alternative: { kind: 'regexp', expression } };
}

/** True when a value that is no list and no object is what the alternative says. @throws LimitError when that takes too long */
export function alternativeMatches(alternative: Alternative, value: unknown, meter: Meter): boolean {
  if (alternative.kind === 'value') return alternative.value === value;
  if (alternative.kind === 'exists') return true;
  return typeof value === 'string' && textMatches(alternative, value, meter);
}

function textMatches(alternative: TextAlternative, value: string, meter: Meter): boolean {
  meter.step(value.length + 1);
  switch (alternative.kind) {
    case 'prefix':
      return value.startsWith(alternative.prefix);
    case 'glob':
      meter.step(alternative.glob.parts.reduce((sum, part) => sum + part.length + 1, 0));
      return globMatches(alternative.glob, value);
    case 'ignore-case':
      return foldCase(value) === alternative.folded;
    case 'anything-but':
      return !alternative.texts.has(value);
    case 'regexp':
      return new Regexp(meter, alternative.expression).test(bytesOf(value));
  }
}
