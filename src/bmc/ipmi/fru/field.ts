import { Malformed, type Reader } from '../codec/reader.ts';

/** The type/length byte that ends a list of fields (IPMI Platform Management FRU Information Storage Definition §13). */
const endOfFields = 0xc1;
const bcdPlus = '0123456789 -.';

/** The next field as text, `undefined` when there are no more. Blanks around it are fill. @throws Malformed */
export function readField(reader: Reader): string | undefined {
  const typeAndLength = reader.u8();
  if (typeAndLength === endOfFields) return undefined;
  const bytes = reader.take(typeAndLength & 0x3f);
  return decode(typeAndLength >> 6, bytes)
    .replace(/\0+$/, '')
    .trim();
}

/** 8-bit text. @throws Malformed when it does not fit into a field */
export function encodeField(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1');
  // A length of 1 would read as the end of the list (§13); a blank more is trimmed by every reader.
  const padded = bytes.length === 1 ? Buffer.concat([bytes, Buffer.of(0x20)]) : bytes;
  if (padded.length > 0x3f) throw new Malformed(`FRU field: ${padded.length} bytes`);
  return Buffer.concat([Buffer.of(0xc0 | padded.length), padded]);
}

/** The list of fields of an area. */
export function encodeFields(texts: readonly string[]): Buffer {
  return Buffer.concat([...texts.map(encodeField), Buffer.of(endOfFields)]);
}

function decode(type: number, bytes: Buffer): string {
  switch (type) {
    case 0:
      return bytes.toString('hex');
    case 1:
      return [...bytes].map((byte) => (bcdPlus[byte >> 4] ?? '') + (bcdPlus[byte & 0x0f] ?? '')).join('');
    case 2:
      return sixBit(bytes);
    default:
      return bytes.toString('latin1');
  }
}

/** Four characters in three bytes, the first in the lowest bits (§13.3). */
function sixBit(bytes: Buffer): string {
  let text = '';
  for (let bit = 0; bit + 6 <= bytes.length * 8; bit += 6) {
    const pair = (bytes[bit >> 3] ?? 0) | ((bytes[(bit >> 3) + 1] ?? 0) << 8);
    text += String.fromCharCode(((pair >> (bit & 7)) & 0x3f) + 0x20);
  }
  return text;
}
