import { InvalidArgumentError } from 'commander';

/** `true` and `false` as Go's flags take them. */
export function parseBoolean(text: string): boolean {
  if (/^(1|t|true)$/i.test(text)) return true;
  if (/^(0|f|false)$/i.test(text)) return false;
  throw new InvalidArgumentError('It must be true or false.');
}

/** A whole number from `min` to `max`. */
export function parseNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d{1,10}$/.test(text) && number >= min && number <= max) return number;
    throw new InvalidArgumentError(`It must be a number from ${min} to ${max}.`);
  };
}

/** A duration as Go writes it, with one unit (`10s`, `500ms`, `1m`), or seconds without one. */
export function parseSeconds(text: string): number {
  const [, number, unit = 's'] = /^(\d{1,6}(?:\.\d{1,3})?)(ms|s|m|h)?$/.exec(text) ?? [];
  const units: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3600 };
  const seconds = Number(number) * (units[unit] ?? 1);
  if (seconds > 0) return seconds;
  throw new InvalidArgumentError('It must be a duration like 10s, 500ms or 1m.');
}

/** Kernel arguments, apart by blanks or commas. A comma within an argument, as in `console=ttyS0,115200`, stays. */
export function parseKernelArguments(text: string): string[] {
  return text.split(/\s+|,(?=[a-z_])/i).filter((argument) => argument !== '');
}
