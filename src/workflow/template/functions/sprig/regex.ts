import { canBackquote, quote } from '../../format/quote.ts';
import { quoteMeta, Regexp } from '../../regexp/regexp.ts';
import { GoError, LimitError } from '../../value/error.ts';
import { type Call, fn } from '../../value/function.ts';
import { nilStrings, strings } from '../../value/make.ts';
import { int, string } from '../../value/params.ts';
import { lenient } from './json.ts';

/** Functions without `must` name the expression twice when it is wrong. */
function compile(call: Call, expression: string): Regexp {
  try {
    return new Regexp(call.meter, expression);
  } catch (error) {
    if (!(error instanceof GoError) || error instanceof LimitError) throw error;
    const shown = canBackquote(expression) ? `\`${expression}\`` : quote(expression);
    throw new GoError(`regexp: Compile(${shown}): ${error.message}`);
  }
}

function strict(call: Call, expression: string): Regexp {
  return new Regexp(call.meter, expression);
}

type Compile = typeof compile;

const match = (call: Call, expression: string, text: string) => new Regexp(call.meter, expression).test(text);

const find = (by: Compile) => fn([string, string], (call, expression, text) => by(call, expression).find(text));

const findAll = (by: Compile) =>
  fn([string, string, int], (call, expression, text, limit) => {
    const found = by(call, expression).findAll(text, limit);
    return found.length === 0 ? nilStrings() : strings(found);
  });

const split = (by: Compile) =>
  fn([string, string, int], (call, expression, text, limit) => {
    const regexp = by(call, expression);
    // An expression splits nothing of nothing, unless it is empty itself.
    if (expression !== '' && text === '' && limit !== 0) return strings(['']);
    const parts = regexp.split(text, limit);
    return parts === undefined ? nilStrings() : strings(parts);
  });

const replace = (by: Compile, literally: boolean) =>
  fn([string, string, string], (call, expression, text, replacement) =>
    by(call, expression).replaceAll(text, replacement, literally),
  );

/** Only `regexMatch` forgives a wrong expression, and says no. */
export const regexes = {
  regexMatch: fn([string, string], (call, expression, text) => lenient(() => match(call, expression, text), false)),
  mustRegexMatch: fn([string, string], match),
  regexFind: find(compile),
  mustRegexFind: find(strict),
  regexFindAll: findAll(compile),
  mustRegexFindAll: findAll(strict),
  regexReplaceAll: replace(compile, false),
  mustRegexReplaceAll: replace(strict, false),
  regexReplaceAllLiteral: replace(compile, true),
  mustRegexReplaceAllLiteral: replace(strict, true),
  regexSplit: split(compile),
  mustRegexSplit: split(strict),
  regexQuoteMeta: fn([string], (_call, text) => quoteMeta(text)),
};
