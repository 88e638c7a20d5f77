/**
 * Go strings are bytes, and so are all strings inside the engine: every character stands for one byte (0–255). Lengths,
 * slices, comparisons and columns then mean what they mean in Go, and invalid UTF-8 passes through unharmed. ASCII text
 * is the same in both worlds; anything else is converted here, where it comes in and where it goes out.
 */
const beyondAscii = /[\u0080-\uffff]/;

/** A JavaScript string as bytes. */
export function bytesOf(text: string): string {
  return !beyondAscii.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

/** Bytes as a JavaScript string; what is no UTF-8 becomes U+FFFD. */
export function textOf(bytes: string): string {
  return !beyondAscii.test(bytes) ? bytes : Buffer.from(bytes, 'latin1').toString('utf8');
}

/** True when every byte is below 0x80. */
export function isAscii(bytes: string): boolean {
  return !beyondAscii.test(bytes);
}

/** Bytes as a buffer, for hashes and encodings. */
export function bufferOf(bytes: string): Buffer {
  return Buffer.from(bytes, 'latin1');
}

/** A buffer as bytes. */
export function bytesOfBuffer(buffer: Uint8Array): string {
  return Buffer.from(buffer).toString('latin1');
}
