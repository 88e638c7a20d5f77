import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { EtagAttempts } from './etag.ts';

/** What is tried, while the BMC answers `statuses` and shows `fresh` tags. */
function tried(first: string | undefined, statuses: number[], fresh: (string | undefined)[]): (string | undefined)[] {
  const attempts = new EtagAttempts();
  const values = [attempts.first(first)];
  for (const [index, status] of statuses.entries()) {
    const next = attempts.next(status, fresh[index]);
    if (next === undefined) return values;
    values.push(next.ifMatch);
  }
  return values;
}

describe('what to say in If-Match', () => {
  it('is the tag of the resource, then the one it has meanwhile', () => {
    assert.deepEqual(tried('"1"', [412], ['"2"']), ['"1"', '"2"']);
  });

  it('is the strong form of a weak tag, then nothing', () => {
    assert.deepEqual(tried('W/"1"', [412, 412], ['W/"1"', 'W/"1"']), ['W/"1"', '"1"', undefined]);
  });

  it('is nothing for a BMC that refuses the tag it has just given', () => {
    assert.deepEqual(tried('"1"', [412], ['"1"']), ['"1"', undefined]);
  });

  it('is given to a BMC that demands it, as any where there is no tag', () => {
    assert.deepEqual(tried(undefined, [428], ['"1"']), [undefined, '"1"']);
    assert.deepEqual(tried(undefined, [428], [undefined]), [undefined, '*']);
  });

  it('comes to an end', () => {
    const fresh = Array.from({ length: 9 }, (_, index) => `W/"${index}"`);
    assert.equal(tried('W/"x"', Array(9).fill(412), fresh).length, 4);
  });
});
