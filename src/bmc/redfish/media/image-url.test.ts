import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { decoded, printableUrl, sameImage, secretsIn } from './image-url.ts';

describe('the URL of an image', () => {
  it('is the same without its password', () => {
    assert.ok(sameImage('http://a/x.iso', 'http://u:p@a/x.iso'));
    assert.ok(!sameImage('http://a/x.iso', 'http://a/y.iso'));
    assert.ok(!sameImage(undefined, 'http://a/y.iso'));
    assert.ok(sameImage('//a/x', '//a/x'));
  });

  it('is shown without what may be secret', () => {
    assert.equal(printableUrl('https://user:secret@a:8/x.iso?token=1'), 'https://a:8/x.iso');
    assert.equal(printableUrl('\\\\a\\x'), 'the image');
  });

  it('has its password taken for a secret, as written and as meant', () => {
    assert.deepEqual(secretsIn('https://u:p%40ss@a/x'), ['p%40ss', 'p@ss']);
    assert.deepEqual(secretsIn('nonsense'), ['']);
    assert.equal(decoded('%E0%A4%A'), '%E0%A4%A');
  });
});
