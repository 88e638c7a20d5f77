import { quote } from '../format/quote.ts';
import { GoError } from '../value/error.ts';

/** The parts of a URL; each has characters of its own that need no escaping. */
export type UrlPart = 'path' | 'host' | 'zone' | 'userinfo' | 'fragment';

const unreserved = '-A-Za-z0-9_.~';
const plain: Readonly<Record<UrlPart, RegExp>> = {
  path: new RegExp(`[${unreserved}$&+,/:;=@]`),
  host: new RegExp(`[${unreserved}!"$&'()*+,:;<=>[\\]]`),
  zone: new RegExp(`[${unreserved}!"$&'()*+,:;<=>[\\]]`),
  userinfo: new RegExp(`[${unreserved}$&+,;=]`),
  fragment: new RegExp(`[${unreserved}$&+,/:;=?@!()*]`),
};

/** Escapes what cannot stand in a part of a URL. */
export function escapePart(text: string, part: UrlPart): string {
  let escaped = '';
  for (const char of text) {
    escaped += plain[part].test(char) ? char : `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return escaped;
}

/** Undoes escaping. Throws in the words of net/url. */
export function unescapePart(text: string, part: UrlPart): string {
  let plainText = '';
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (char !== '%') {
      if ((part === 'host' || part === 'zone') && char < '\x80' && !plain[part].test(char)) {
        throw new GoError(`invalid character ${quote(char)} in host name`);
      }
      plainText += char;
      continue;
    }
    const sequence = text.slice(at, at + 3);
    if (!/^%[0-9a-fA-F]{2}$/.test(sequence)) throw invalidEscape(sequence);
    const byte = String.fromCharCode(Number.parseInt(sequence.slice(1), 16));
    if (!isAllowed(sequence, byte, part)) throw invalidEscape(sequence);
    plainText += byte;
    at += 2;
  }
  return plainText;
}

/** In a host only bytes beyond ASCII may be escaped; in a zone, what could stand there anyway. */
function isAllowed(sequence: string, byte: string, part: UrlPart): boolean {
  if (sequence === '%25') return true;
  if (part === 'host') return byte >= '\x80';
  return part !== 'zone' || byte === ' ' || plain.host.test(byte);
}

function invalidEscape(sequence: string): GoError {
  return new GoError(`invalid URL escape ${quote(sequence)}`);
}
