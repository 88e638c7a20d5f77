import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { bcrypt } from '../../crypto/bcrypt.ts';
import { certificate, certificateType } from '../../crypto/certificate.ts';
import { derivePassword } from '../../crypto/derive-password.ts';
import { bufferOf, bytesOfBuffer } from '../../value/bytes.ts';
import { GoError } from '../../value/error.ts';
import { type Call, fn, type GoFunction, type Param } from '../../value/function.ts';
import { instance, int, list, string, uint32 } from '../../value/params.ts';
import { GoStruct } from '../../value/value.ts';
import { tryDecodeBase64 } from './base-decode.ts';

/** What a hash costs that is made to be slow: a template has time for a few. */
const slow = 200_000;
const longestPassword = 72;
const blockSize = 16;

function hash(call: Call, password: string): string {
  call.meter.step(slow);
  if (password.length > longestPassword) {
    return `failed to encrypt string with bcrypt: bcrypt: password length exceeds ${longestPassword} bytes`;
  }
  return bcrypt(bufferOf(password), randomBytes(16), 10);
}

function aesKey(password: string): Buffer {
  const key = Buffer.alloc(32);
  bufferOf(password).copy(key);
  return key;
}

function encrypt(password: string, text: string): string {
  if (text === '') return '';
  const start = randomBytes(blockSize);
  const cipher = createCipheriv('aes-256-cbc', aesKey(password), start);
  return Buffer.concat([start, cipher.update(bufferOf(text)), cipher.final()]).toString('base64');
}

function decrypt(password: string, text: string): string {
  if (text === '') return '';
  const decoded = tryDecodeBase64(text);
  if ('error' in decoded) throw new GoError(decoded.error);
  const bytes = bufferOf(decoded.bytes);
  if (bytes.length < blockSize) {
    // The room that Go had set aside for the bytes shows in the message.
    const room = Math.floor(text.length / 4) * 3;
    throw new GoError(`runtime error: slice bounds out of range [:${blockSize}] with capacity ${room}`);
  }
  const body = bytes.subarray(blockSize);
  if (body.length % blockSize !== 0) throw new GoError('crypto/cipher: input not full blocks');
  if (body.length === 0) throw new GoError('runtime error: index out of range [-1]');
  const decipher = createDecipheriv('aes-256-cbc', aesKey(password), bytes.subarray(0, blockSize)).setAutoPadding(
    false,
  );
  const plain = Buffer.concat([decipher.update(body), decipher.final()]);
  const end = plain.length - (plain.at(-1) ?? 0);
  if (end < 0) throw new GoError(`runtime error: slice bounds out of range [:${end}]`);
  return bytesOfBuffer(plain.subarray(0, end));
}

function decodePart(text: string, what: string): string {
  const decoded = tryDecodeBase64(text);
  if ('error' in decoded) throw new GoError(`unable to decode base64 ${what}`);
  return decoded.bytes;
}

const issuer = instance(certificateType, (value): value is GoStruct => value instanceof GoStruct);

/** A function that is there in name only, with the reason. See docs/compatibility.md. */
function refused(name: string, ...params: Param<unknown>[]): GoFunction {
  return fn(params, () => {
    throw new GoError(`${name} would make a new secret at every render: make it once and hand it in with the data`);
  });
}

const keyTypes = ['', 'rsa', 'dsa', 'ecdsa', 'ed25519'];

export const crypto = {
  bcrypt: fn([string], hash),
  htpasswd: fn([string, string], (call, user, password) =>
    user.includes(':') ? `invalid username: ${user}` : `${user}:${hash(call, password)}`,
  ),
  derivePassword: fn([uint32, string, string, string, string], (call, counter, type, password, user, site) => {
    call.meter.step(slow);
    return derivePassword(counter, type, password, user, site) ?? `cannot find password template ${type}`;
  }),
  encryptAES: fn([string, string], (_call, password, text) => encrypt(password, text)),
  decryptAES: fn([string, string], (_call, password, text) => decrypt(password, text)),
  buildCustomCert: fn([string, string], (_call, cert, key) =>
    certificate(decodePart(cert, 'certificate'), decodePart(key, 'private key')),
  ),
  genPrivateKey: fn([string], (call, type) =>
    keyTypes.includes(type) ? refused('genPrivateKey').invoke(call, []) : `Unknown type ${type}`,
  ),
  genCA: refused('genCA', string, int),
  genCAWithKey: refused('genCAWithKey', string, int, string),
  genSelfSignedCert: refused('genSelfSignedCert', string, list, list, int),
  genSelfSignedCertWithKey: refused('genSelfSignedCertWithKey', string, list, list, int, string),
  genSignedCert: refused('genSignedCert', string, list, list, int, issuer),
  genSignedCertWithKey: refused('genSignedCertWithKey', string, list, list, int, issuer, string),
};
