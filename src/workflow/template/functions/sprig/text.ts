import { sprintValue } from '../../format/print.ts';
import { quote } from '../../format/quote.ts';
import { any, fn, variadic } from '../../value/function.ts';
import { int, string } from '../../value/params.ts';
import { encodeRunes, runesOf } from '../../value/runes.ts';
import { randomBelow } from './random.ts';
import { strval } from './strval.ts';

function shuffled(text: string): string {
  const runes = runesOf(text);
  for (let i = runes.length - 1; i > 0; i--) {
    const j = randomBelow(i + 1);
    const [a = 0, b = 0] = [runes[i], runes[j]];
    runes[i] = b;
    runes[j] = a;
  }
  return encodeRunes(runes);
}

export const texts = {
  hello: fn([], () => 'Hello!'),
  contains: fn([string, string], (_call, part, text) => text.includes(part)),
  hasPrefix: fn([string, string], (_call, prefix, text) => text.startsWith(prefix)),
  hasSuffix: fn([string, string], (_call, suffix, text) => text.endsWith(suffix)),
  quote: variadic([], any, (call, values) => {
    const quoted = values.filter((value) => value !== null).map((value) => quote(strval(call.meter, value)));
    call.meter.grow(quoted.reduce((sum, text) => sum + text.length, 0));
    return quoted.join(' ');
  }),
  squote: variadic([], any, (call, values) => {
    const quoted = values.filter((value) => value !== null).map((value) => `'${sprintValue(call.meter, value)}'`);
    call.meter.grow(quoted.reduce((sum, text) => sum + text.length, 0));
    return quoted.join(' ');
  }),
  cat: variadic([], any, (call, values) => {
    const shown = values.filter((value) => value !== null).map((value) => sprintValue(call.meter, value));
    call.meter.grow(shown.reduce((sum, text) => sum + text.length + 1, 0));
    return shown.join(' ');
  }),
  plural: fn([string, string, int], (_call, one, many, count) => (count === 1 ? one : many)),
  toString: fn([any], (call, value) => strval(call.meter, value)),
  shuffle: fn([string], (_call, text) => shuffled(text)),
};
