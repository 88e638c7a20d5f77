import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { Backoff } from './backoff.ts';

describe('the back-off of restarts', () => {
  const options = { initialMs: 100, maxMs: 500, resetAfterMs: 10_000 };

  it('doubles up to its limit', () => {
    const backoff = new Backoff(options);
    assert.deepEqual(
      [0, 0, 0, 0, 0].map((lived) => backoff.nextDelayMs(lived)),
      [100, 200, 400, 500, 500],
    );
  });

  it('starts again after a life that was long enough', () => {
    const backoff = new Backoff(options);
    assert.deepEqual(
      [1, 9_999, 10_000, 1].map((lived) => backoff.nextDelayMs(lived)),
      [100, 200, 100, 200],
    );
  });
});
