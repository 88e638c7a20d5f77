import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { times, uris } from '../../../test/support/api-formats.ts';
import { isDateTime, isRequestUri } from './format.ts';

describe('formats', () => {
  for (const [text, expected] of times) {
    it(`takes ${JSON.stringify(text)} for ${expected ? 'a' : 'no'} time`, () =>
      assert.equal(isDateTime(text), expected));
  }
  for (const [text, expected] of uris) {
    it(`takes ${JSON.stringify(text)} for ${expected ? 'a' : 'no'} URI`, () =>
      assert.equal(isRequestUri(text), expected));
  }
});
