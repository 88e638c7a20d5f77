import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { bcrypt } from './bcrypt.ts';
import { piWords } from './pi.ts';

const alphabet = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const standard = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function saltOf(hash: string): Buffer {
  return Buffer.from(
    hash.slice(7, 29).replace(/./g, (char) => standard.charAt(alphabet.indexOf(char))),
    'base64',
  );
}

describe('bcrypt', () => {
  it('knows the digits of pi', () => {
    assert.deepEqual([...piWords(3)], [0x243f6a88, 0x85a308d3, 0x13198a2e]);
  });

  it('makes the hashes that are published for it', () => {
    const published: [string, string][] = [
      ['', '$2a$06$DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkgY8jIucDrjc8deX1s.'],
      ['abc', '$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i'],
      ['abcdefghijklmnopqrstuvwxyz', '$2a$06$.rCVZVOThsIa97pEDOxvGuRRgzG64bvtJ0938xuqzv18d3ZpQhstC'],
    ];
    for (const [password, hash] of published) assert.equal(bcrypt(Buffer.from(password), saltOf(hash), 6), hash);
  });
});
