import { randomInt } from 'node:crypto';

/** A whole number from 0 up to but not including `limit`. */
export function randomBelow(limit: number): number {
  return limit <= 1 ? 0 : randomInt(Math.min(limit, 2 ** 47));
}
