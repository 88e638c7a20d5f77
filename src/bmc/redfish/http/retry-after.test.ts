import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { retryAfterSeconds } from './retry-after.ts';

const now = Date.UTC(2026, 10, 21, 12, 0, 0);

describe('Retry-After', () => {
  const table: [string | undefined, number | undefined][] = [
    ['30', 30],
    [' 0 ', 0],
    ['1.5', 1.5],
    ['Sat, 21 Nov 2026 12:01:00 GMT', 60],
    ['Sat, 21 Nov 2026 11:00:00 GMT', 0],
    ['86400', 3600],
    ['soon', undefined],
    ['-5', 0],
    [undefined, undefined],
  ];
  for (const [header, seconds] of table) {
    it(`${header} is ${seconds} s`, () => assert.equal(retryAfterSeconds(header, now), seconds));
  }
});
