import { createHash } from 'node:crypto';
import { bufferOf } from '../../value/bytes.ts';
import { fn, type GoFunction } from '../../value/function.ts';
import { string } from '../../value/params.ts';
import { decodeBase32, decodeBase64, encodeBase32 } from './base-decode.ts';

function codec(body: (text: string) => string): GoFunction {
  return fn([string], (call, text) => {
    call.meter.step(text.length >> 4);
    call.meter.grow(2 * text.length);
    return body(text);
  });
}

const hash = (name: string) => codec((text) => createHash(name).update(bufferOf(text)).digest('hex'));

function adler32(text: string): string {
  let low = 1;
  let high = 0;
  for (let at = 0; at < text.length; at++) {
    low = (low + text.charCodeAt(at)) % 65521;
    high = (high + low) % 65521;
  }
  return String(high * 65536 + low);
}

export const encodings = {
  b64enc: codec((text) => bufferOf(text).toString('base64')),
  b64dec: codec(decodeBase64),
  b32enc: codec(encodeBase32),
  b32dec: codec(decodeBase32),
  sha1sum: hash('sha1'),
  sha256sum: hash('sha256'),
  sha512sum: hash('sha512'),
  adler32sum: codec(adler32),
};
