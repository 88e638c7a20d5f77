import type { Environment } from '../action.ts';
import { checkAbsolutePath, checkInteger, checkMode, parseMode } from '../environment.ts';
import type { FileToPut } from './put-file.ts';

/** Variables of one file; with `_1` to `_99` those of another, which takes from the first what it does not say. */
const checks: Readonly<Record<string, (value: string) => string | undefined>> = {
  DEST_PATH: checkFilePath,
  CONTENTS: () => undefined,
  UID: checkId,
  GID: checkId,
  MODE: checkMode,
  DIRMODE: checkMode,
};
const numbered = new RegExp(`^(${Object.keys(checks).join('|')})_([1-9]\\d?)$`);

/** What is wrong with the variables of the other files. A path without contents, or the other way round, is a slip. */
export function problemsOfMore(env: Environment): string[] {
  const problems: string[] = [];
  for (const [name, value] of Object.entries(env)) {
    const [, variable = ''] = numbered.exec(name) ?? [];
    const check = checks[variable];
    if (check === undefined) continue;
    const problem = value === '' && variable !== 'CONTENTS' ? 'is empty' : check(value);
    if (problem !== undefined) problems.push(`${name} ${problem}`);
  }
  for (const number of numbersOf(env)) {
    for (const name of [`DEST_PATH_${number}`, `CONTENTS_${number}`]) {
      if (env[name] === undefined) problems.push(`${name} is missing (file ${number} needs path and contents)`);
    }
  }
  return problems;
}

/** All files, the one without a number first, the others by number. */
export function filesOf(env: Environment): FileToPut[] {
  return ['', ...numbersOf(env).map((number) => `_${number}`)].map((suffix) => {
    const own = (name: string) => env[`${name}${suffix}`] ?? env[name] ?? '';
    return {
      path: own('DEST_PATH'),
      contents: own('CONTENTS'),
      uid: Number(own('UID')),
      gid: Number(own('GID')),
      mode: parseMode(own('MODE')),
      folderMode: parseMode(own('DIRMODE')),
    };
  });
}

function numbersOf(env: Environment): number[] {
  const numbers = Object.keys(env).flatMap((name) => numbered.exec(name)?.[2] ?? []);
  return [...new Set(numbers)].map(Number).sort((a, b) => a - b);
}

export function checkFilePath(value: string): string | undefined {
  return checkAbsolutePath(value) ?? (/\/\.?$/.test(value) ? `is "${value}", but must name a file` : undefined);
}

export function checkId(value: string): string | undefined {
  return checkInteger(0, 4_294_967_294)(value);
}
