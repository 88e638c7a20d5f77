import type { GoFunction } from '../../value/function.ts';
import { crypto } from './crypto.ts';
import { dates } from './date.ts';
import { defaults } from './default.ts';
import { dicts } from './dict.ts';
import { encodings } from './encoding.ts';
import { floatMath } from './float-math.ts';
import { flow } from './flow.ts';
import { integerMath } from './integer-math.ts';
import { json } from './json.ts';
import { lists } from './list.ts';
import { paths } from './path.ts';
import { reflections } from './reflect.ts';
import { regexes } from './regex.ts';
import { semvers } from './semver.ts';
import { sequences } from './sequence.ts';
import { texts } from './text.ts';
import { textCases } from './text-case.ts';
import { textCuts } from './text-cut.ts';
import { textSplits } from './text-split.ts';
import { urls } from './url.ts';

/** Sprig's hermetic functions: all but those that read the environment, the clock's time of day or a source of chance. */
export const sprigFunctions: Record<string, GoFunction> = {
  ...crypto,
  ...dates,
  ...defaults,
  ...dicts,
  ...encodings,
  ...floatMath,
  ...flow,
  ...integerMath,
  ...json,
  ...lists,
  ...paths,
  ...reflections,
  ...regexes,
  ...semvers,
  ...sequences,
  ...textCases,
  ...textCuts,
  ...textSplits,
  ...texts,
  ...urls,
};
