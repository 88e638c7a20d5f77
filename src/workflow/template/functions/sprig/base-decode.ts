import { bytesOfBuffer } from '../../value/bytes.ts';

const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Where decoding failed. */
type Corrupt = { readonly at: number };
type Digits = { readonly digits: readonly number[] };

function toBytes(digits: readonly number[], bits: number): string {
  const bytes: number[] = [];
  let buffer = 0;
  let held = 0;
  for (const digit of digits) {
    buffer = ((buffer << bits) | digit) & 0xffff;
    held += bits;
    if (held >= 8) {
      held -= 8;
      bytes.push((buffer >> held) & 0xff);
    }
  }
  return bytesOfBuffer(Uint8Array.from(bytes));
}

/** Decodes standard base64, or says in Go's words why it is none. */
export function tryDecodeBase64(text: string): { readonly bytes: string } | { readonly error: string } {
  const result = digits64(text);
  if ('at' in result) return { error: `illegal base64 data at input byte ${result.at}` };
  return { bytes: toBytes(result.digits, 6) };
}

/** Decodes standard base64; what is none gives the complaint in place of the text, as the original does. */
export function decodeBase64(text: string): string {
  const result = tryDecodeBase64(text);
  return 'error' in result ? result.error : result.bytes;
}

function digits64(text: string): Corrupt | Digits {
  const digits: number[] = [];
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '\n' || char === '\r') continue;
    const digit = base64.indexOf(char);
    if (digit >= 0) digits.push(digit);
    else return char === '=' ? padding64(text, at, digits) : { at };
  }
  return digits.length % 4 === 0 ? { digits } : { at: text.length - (digits.length % 4) };
}

/** The end of a base64 text, from its first padding character on. */
function padding64(text: string, start: number, digits: readonly number[]): Corrupt | Digits {
  const place = digits.length % 4;
  if (place < 2) return { at: start };
  let at = skipNewlines(text, start + 1);
  if (place === 2) {
    if (at === text.length) return { at };
    if (text.charAt(at) !== '=') return { at: at - 1 };
    at = skipNewlines(text, at + 1);
  }
  return at < text.length ? { at } : { digits };
}

function skipNewlines(text: string, start: number): number {
  let at = start;
  while (text.charAt(at) === '\n' || text.charAt(at) === '\r') at++;
  return at;
}

/** Decodes standard base32, like `decodeBase64`. */
export function decodeBase32(text: string): string {
  const result = digits32(text.replace(/[\r\n]/g, ''));
  return 'at' in result ? `illegal base32 data at input byte ${result.at}` : toBytes(result.digits, 5);
}

function digits32(text: string): Corrupt | Digits {
  const digits: number[] = [];
  for (let at = 0; at < text.length; at++) {
    const place = digits.length % 8;
    const left = text.length - at - 1;
    if (text.charAt(at) === '=' && place >= 2 && left < 8) return padding32(text, at, digits);
    const digit = base32.indexOf(text.charAt(at));
    if (digit < 0) return { at };
    digits.push(digit);
  }
  return digits.length % 8 === 0 ? { digits } : { at: text.length - (digits.length % 8) };
}

function padding32(text: string, at: number, digits: readonly number[]): Corrupt | Digits {
  const place = digits.length % 8;
  const rest = text.slice(at + 1);
  if (rest.length + place < 7) return { at: text.length };
  for (let k = 0; k < 7 - place; k++) {
    if (k < rest.length && rest.charAt(k) !== '=') return { at: text.length - rest.length + k - 1 };
  }
  return place === 3 || place === 6 ? { at } : { digits };
}

/** Encodes in standard base32. */
export function encodeBase32(text: string): string {
  let bits = '';
  for (let at = 0; at < text.length; at++) bits += text.charCodeAt(at).toString(2).padStart(8, '0');
  const groups = bits.match(/.{1,5}/g) ?? [];
  const digits = groups.map((group) => base32.charAt(Number.parseInt(group.padEnd(5, '0'), 2))).join('');
  return digits.padEnd(Math.ceil(digits.length / 8) * 8, '=');
}
