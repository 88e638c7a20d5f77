import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Malformed } from '../codec/reader.ts';

/** AES-CBC-128 payloads (IPMI v2.0 §13.29): a random vector, then ciphertext of data, pad 01 02 03 … and pad length. */
const blockLength = 16;
const algorithm = 'aes-128-cbc';

/** `key` is 16 bytes; `vector` is for tests only. */
export function encryptPayload(key: Buffer, data: Buffer, vector = randomBytes(blockLength)): Buffer {
  const padLength = (blockLength - ((data.length + 1) % blockLength)) % blockLength;
  const cipher = createCipheriv(algorithm, key, vector).setAutoPadding(false);
  const pad = Buffer.from([...Array(padLength).keys()].map((index) => index + 1));
  return Buffer.concat([vector, cipher.update(Buffer.concat([data, pad, Buffer.of(padLength)])), cipher.final()]);
}

/** @throws Malformed. Call it on authenticated packets only: else what it says about the pad helps an attacker. */
export function decryptPayload(key: Buffer, payload: Buffer): Buffer {
  if (payload.length < 2 * blockLength || payload.length % blockLength !== 0) {
    throw new Malformed(`encrypted payload: ${payload.length} bytes`);
  }
  const decipher = createDecipheriv(algorithm, key, payload.subarray(0, blockLength)).setAutoPadding(false);
  const plain = Buffer.concat([decipher.update(payload.subarray(blockLength)), decipher.final()]);
  const padLength = plain.at(-1) ?? 0;
  const dataLength = plain.length - 1 - padLength;
  if (padLength >= blockLength || dataLength < 0) throw new Malformed(`encrypted payload: pad of ${padLength} bytes`);
  for (let index = 0; index < padLength; index++) {
    if (plain[dataLength + index] !== index + 1) throw new Malformed('encrypted payload: wrong pad');
  }
  return plain.subarray(0, dataLength);
}
