import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { goVersion, isAtLeast, parseGoVersion } from './go-version.ts';

describe('the version of Go', () => {
  for (const [output, expected] of [
    ['go version go1.26.8 linux/amd64', '1.26.8'],
    ['go version go1.27 linux/arm64', '1.27'],
    ['go version go1.27rc1 linux/arm64', '1.27'],
    ['go version devel +abc linux/amd64', undefined],
    ['', undefined],
  ] as const) {
    it(`is ${expected} in "${output}"`, () => assert.equal(parseGoVersion(output), expected));
  }

  for (const [version, minimum, expected] of [
    ['1.26.0', '1.26', true],
    ['1.26', '1.26.1', false],
    ['1.9.7', '1.26', false],
    ['2.0', '1.26', true],
    ['1.27.3', '1.26', true],
    ['1.25.9', '1.26', false],
  ] as const) {
    it(`${version} is ${expected ? '' : 'not '}at least ${minimum}`, () =>
      assert.equal(isAtLeast(version, minimum), expected));
  }

  it('is unknown when the command does not work', async () => {
    assert.equal(await goVersion('/nonexistent/go', {}), undefined);
    assert.equal(await goVersion('/bin/false', {}), undefined);
  });
});
