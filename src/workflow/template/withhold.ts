import type { Problem } from '../../api/validation/problem.ts';

/**
 * Messages about templates that had something secret to work with: where, and what is wrong as far as the template itself
 * tells, but no value. Functions put their parameters into their errors (`parsing "s3cret": invalid syntax`).
 */

const withheld = 'what exactly is not said here, for it may have a value of .references in it';

/** Causes that have nothing in them but names that stand in the template. */
const harmless = [
  /^map has no entry for key "[\w.-]*"$/,
  /^nil pointer evaluating [\w.*]+$/,
  /^can't evaluate field \w+ in type [\w.*{}[\] ]+$/,
];

/** An error of rendering without what values could have got into. */
export function withholdCause(message: string): string {
  const [, place, cause = ''] = /^(template: [^ ]+ executing "[^"]*" at <.*?>): (.*)$/s.exec(message) ?? [];
  if (place === undefined) return /^template: [^ ]+ executing /.test(message) ? `template: ${withheld}` : message;
  return harmless.some((shape) => shape.test(cause)) ? message : `${place}: ${withheld}`;
}

/** A fault of the rendered text without names, which are rendered too. */
export function withholdNames({ path, rule, fix }: Problem): Problem {
  const plain = (text: string) => (text.split(/["'`(]|: /, 1)[0] ?? '').trimEnd();
  return { path: path.replace(/(\.environment)\..*$/s, '$1'), rule: plain(rule), fix: plain(fix) };
}
