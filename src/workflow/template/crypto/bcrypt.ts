import { Blowfish } from './blowfish.ts';

const alphabet = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const standard = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const magic = 'OrpheanBeholderScryDoubt';

function encode(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('base64').replace(/=+$/, '');
  return text.replace(/./g, (char) => alphabet.charAt(standard.indexOf(char)));
}

/** Words of 32 bits out of bytes, which begin again when they are used up. */
function words(bytes: Uint8Array, count: number): Uint32Array {
  const byte = (i: number) => bytes[i % bytes.length] ?? 0;
  return Uint32Array.from({ length: count }, (_, i) => {
    return ((byte(4 * i) << 24) | (byte(4 * i + 1) << 16) | (byte(4 * i + 2) << 8) | byte(4 * i + 3)) >>> 0;
  });
}

/** The bcrypt hash of a password of at most 72 bytes, with a salt of 16. */
export function bcrypt(password: Uint8Array, salt: Uint8Array, cost: number): string {
  const key = words(Buffer.concat([password, Buffer.of(0)]), 18);
  const salting = words(salt, 4);
  const cipher = new Blowfish();
  cipher.expand(key, salting);
  for (let round = 0; round < 2 ** cost; round++) {
    cipher.expand(key);
    cipher.expand(salting);
  }
  const text = words(Buffer.from(magic), 6);
  for (let round = 0; round < 64; round++) cipher.encrypt(text);
  const hash = Buffer.alloc(24);
  text.forEach((word, i) => {
    hash.writeUInt32BE(word, 4 * i);
  });
  return `$2a$${String(cost).padStart(2, '0')}$${encode(salt)}${encode(hash.subarray(0, 23))}`;
}
