import { createHmac, scryptSync } from 'node:crypto';
import { bufferOf } from '../value/bytes.ts';

const seed = 'com.lyndir.masterpassword';

/** What passwords of a type look like: one letter a character, one entry a shape. */
const shapes: ReadonlyMap<string, readonly string[]> = new Map([
  ['maximum', ['anoxxxxxxxxxxxxxxxxx', 'axxxxxxxxxxxxxxxxxno']],
  [
    'long',
    (
      'CvcvnoCvcvCvcv CvcvCvcvnoCvcv CvcvCvcvCvcvno CvccnoCvcvCvcv CvccCvcvnoCvcv CvccCvcvCvcvno CvcvnoCvccCvcv ' +
      'CvcvCvccnoCvcv CvcvCvccCvcvno CvcvnoCvcvCvcc CvcvCvcvnoCvcc CvcvCvcvCvccno CvccnoCvccCvcv CvccCvccnoCvcv ' +
      'CvccCvccCvcvno CvcvnoCvccCvcc CvcvCvccnoCvcc CvcvCvccCvccno CvccnoCvcvCvcc CvccCvcvnoCvcc CvccCvcvCvccno'
    ).split(' '),
  ],
  ['medium', ['CvcnoCvc', 'CvcCvcno']],
  ['short', ['Cvcn']],
  ['basic', ['aaanaaan', 'aannaaan', 'aaannaaa']],
  ['pin', ['nnnn']],
]);

const vowels = 'AEIOU';
const consonants = 'BCDFGHJKLMNPQRSTVWXYZ';
const letters = vowels + vowels.toLowerCase() + consonants + consonants.toLowerCase();

const classes: Readonly<Record<string, string>> = {
  C: consonants,
  v: vowels.toLowerCase(),
  c: consonants.toLowerCase(),
  a: letters,
  n: '0123456789',
  o: "@&%?,=[]_:-+*$#!'^~;()/.",
  x: `${letters}0123456789!@#$%^&*()`,
};

function sized(text: string): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32BE(text.length);
  return Buffer.concat([size, bufferOf(text)]);
}

/** A password of the Master Password algorithm; it depends on nothing but the arguments. `undefined` for unknown types. */
export function derivePassword(
  counter: number,
  type: string,
  password: string,
  user: string,
  site: string,
): string | undefined {
  const candidates = shapes.get(type);
  if (candidates === undefined) return undefined;
  const salt = Buffer.concat([Buffer.from(seed), sized(user)]);
  const key = scryptSync(bufferOf(password), salt, 64, { N: 32768, r: 8, p: 2, maxmem: 128 * 1024 * 1024 });
  const number = Buffer.alloc(4);
  number.writeUInt32BE(counter);
  const bytes = createHmac('sha256', key).update(seed).update(sized(site)).update(number).digest();
  const shape = candidates[(bytes[0] ?? 0) % candidates.length] ?? '';
  return Array.from(shape, (letter, i) => {
    const characters = classes[letter] ?? '';
    return characters.charAt((bytes[i + 1] ?? 0) % characters.length);
  }).join('');
}
