import { InvalidArgumentError } from 'commander';
import { parseGoDuration } from '../go-duration.ts';
import { parseAddress, parsePort } from '../kubernetes/context.ts';

/** Where to listen; without a host on all addresses. */
export interface HostPort {
  host?: string;
  port: number;
}

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

/** A number of things at a time. */
export const parseCount = parseNumber(1, 1000);

/** A duration as Go writes it (`30m`, `1h30m`, `500ms`), in seconds. */
export function parseDuration(text: string): number {
  const seconds = parseGoDuration(text);
  if (seconds !== undefined) return seconds;
  throw new InvalidArgumentError('It must be a duration such as 30m, 1h30m or 500ms.');
}

/** A duration that is longer than nothing, in seconds. */
export function parsePositiveDuration(text: string): number {
  const seconds = parseDuration(text);
  if (seconds > 0) return seconds;
  throw new InvalidArgumentError('It must be a duration longer than nothing.');
}

/** Likewise; a number without unit counts seconds. */
export function parseSeconds(text: string): number {
  return parsePositiveDuration(/^[\d.]+$/.test(text) ? `${text}s` : text);
}

/** Kernel arguments, apart by blanks or commas. A comma within an argument, as in `console=ttyS0,115200`, stays. */
export function parseKernelArguments(text: string): string[] {
  return text.split(/\s+|,(?=[a-z_])/i).filter((argument) => argument !== '');
}

/** `host:port` as Go takes it: `:9440`, `127.0.0.1:9440`, `[::1]:9440`. */
export function parseHostPort(text: string): HostPort {
  const [, bracketed, plain, port] = /^(?:\[([^\]]*)\]|([^:]*)):(\d+)$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (port === undefined) throw new InvalidArgumentError('It must be host:port, such as :9440 or 127.0.0.1:9440.');
  return { port: parsePort(port), ...(host ? { host: parseAddress(host === 'localhost' ? '127.0.0.1' : host) } : {}) };
}
