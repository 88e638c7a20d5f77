import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { parseQuantity } from './quantity.ts';

describe('a quantity', () => {
  for (const [text, expected] of [
    [4, 4],
    ['4', 4],
    ['500m', 0.5],
    ['1.5Gi', 1_610_612_736],
    ['32G', 32e9],
    ['2e3', 2000],
    ['2E', 2e18],
    ['.5k', 500],
    ['-1', -1],
    ['', undefined],
    ['1 Gi', undefined],
    ['1KI', undefined],
    ['lots', undefined],
    ['1e999', undefined],
  ] as const) {
    it(`${JSON.stringify(text)} is ${expected ?? 'none'}`, () => assert.equal(parseQuantity(text), expected));
  }
});
