import { InvalidArgumentError } from 'commander';
import { parseGoDuration } from '../go-duration.ts';

/** A number of things at a time. */
export function parseCount(text: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1 && count <= 1000) return count;
  throw new InvalidArgumentError('It must be a number from 1 to 1000.');
}

/** A Go duration, in seconds. */
export function parseDuration(text: string): number {
  const seconds = parseGoDuration(text);
  if (seconds !== undefined) return seconds;
  throw new InvalidArgumentError('It must be a duration such as 30m, 1h30m or 500ms.');
}

/** A Go duration that is longer than nothing, in seconds. */
export function parsePositiveDuration(text: string): number {
  const seconds = parseDuration(text);
  if (seconds > 0) return seconds;
  throw new InvalidArgumentError('It must be longer than nothing.');
}
