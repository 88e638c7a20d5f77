import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { parseGoDuration } from './go-duration.ts';

describe('a duration as Go writes it', () => {
  const rows: [string, number][] = [
    ['0', 0],
    ['0s', 0],
    ['30m', 1800],
    ['1h30m', 5400],
    ['24h0m0s', 86_400],
    ['500ms', 0.5],
    ['1.5h', 5400],
    ['.5s', 0.5],
    ['1.s', 1],
    ['2µs', 2e-6],
    ['2μs', 2e-6],
  ];
  for (const [text, seconds] of rows) it(text, () => assert.equal(parseGoDuration(text), seconds));

  for (const text of ['', '1', 's', '30 m', '1h 30m', '-5m', '1d', '.s', '1hm', '5mx', '1e3s', ' 1s', '٣s']) {
    it(`is not "${text}"`, () => assert.equal(parseGoDuration(text), undefined));
  }
});
