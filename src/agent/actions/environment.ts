import { CaptError } from '../../api/errors/capt-error.ts';
import type { Environment, NativeAction, Variable } from './action.ts';

/** Checks what an action is given and fills in defaults. Throws `ACTION_ENVIRONMENT_INVALID` with all problems at once. */
export function checkedEnvironment(action: NativeAction, given: Environment): Environment {
  const env: Record<string, string> = { ...given };
  const problems: string[] = [];
  for (const variable of action.variables) {
    const value = env[variable.name] ?? variable.default ?? '';
    env[variable.name] = value;
    const problem = problemOf(variable, value, Object.hasOwn(given, variable.name));
    if (problem !== undefined) problems.push(`${variable.name} ${problem}`);
  }
  if (problems.length === 0) problems.push(...(action.problems?.(env) ?? []));
  if (problems.length > 0) {
    throw new CaptError('ACTION_ENVIRONMENT_INVALID', { name: action.name, problems: problems.join('; ') });
  }
  return env;
}

function problemOf(variable: Variable, value: string, given: boolean): string | undefined {
  const missing = variable.mayBeEmpty ? !given : value === '';
  if (missing) return variable.required ? `is missing (${variable.what})` : undefined;
  if (value.includes('\0')) return 'has a zero byte in it';
  return value === '' ? undefined : variable.check?.(value);
}

/** `true` as Go's strconv.ParseBool understands it, which the originals use. */
export function isTrue(value: string | undefined): boolean {
  return ['1', 't', 'T', 'true', 'TRUE', 'True'].includes(value ?? '');
}

export function checkBoolean(value: string): string | undefined {
  const known = isTrue(value) || ['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(value);
  return known ? undefined : `is "${value}", but must be true or false`;
}

/** A check for whole numbers from `min` to `max`. */
export function checkInteger(min: number, max: number): (value: string) => string | undefined {
  return (value) =>
    /^\d{1,16}$/.test(value) && Number(value) >= min && Number(value) <= max
      ? undefined
      : `is "${value}", but must be a whole number from ${min} to ${max}`;
}

/** Permissions as octal digits: `644`, `0644`. */
export function checkMode(value: string): string | undefined {
  return /^(0o?)?[0-7]{1,4}$/.test(value) ? undefined : `is "${value}", but must be octal digits such as 0644`;
}

export function parseMode(value: string): number {
  return Number.parseInt(value.replace(/^0o/, ''), 8);
}

export function checkDevice(value: string): string | undefined {
  return /^\/\S+$/.test(value) && !value.split('/').includes('..')
    ? undefined
    : `is "${value}", but must be the path of a device such as /dev/sda`;
}

export function checkFsType(value: string): string | undefined {
  return /^[a-z0-9][a-z0-9._-]{0,31}$/.test(value)
    ? undefined
    : `is "${value}", but must be a file system such as ext4`;
}

/** A path inside an image: absolute. */
export function checkAbsolutePath(value: string): string | undefined {
  if (!value.startsWith('/')) return `is "${value}", but must begin with /`;
  return value.split('/').includes('..') ? `is "${value}", but must not have .. in it` : undefined;
}
