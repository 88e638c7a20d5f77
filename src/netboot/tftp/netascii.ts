const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** A file as it is sent in mode `netascii` (RFC 764): a line ends with CR LF, a lone CR is followed by a zero byte. */
export function toNetascii(content: Buffer): Buffer {
  let extra = 0;
  for (const byte of content) if (byte === lineFeed || byte === carriageReturn) extra++;
  if (extra === 0) return content;
  const result = Buffer.allocUnsafe(content.length + extra);
  let at = 0;
  for (const byte of content) {
    if (byte === lineFeed) result[at++] = carriageReturn;
    result[at++] = byte;
    if (byte === carriageReturn) result[at++] = 0;
  }
  return result;
}
