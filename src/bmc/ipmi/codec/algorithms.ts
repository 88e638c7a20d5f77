import { Malformed, Reader } from './reader.ts';

/** The three algorithms of a session by their numbers on the wire (IPMI v2.0 §13.28, tables 13-17 to 13-19). */
export interface Algorithms {
  authentication: number;
  integrity: number;
  confidentiality: number;
}

const recordLength = 8;

/** The algorithm payloads of Open Session Request and Response (§13.17, §13.18). */
export function encodeAlgorithms(algorithms: Algorithms): Buffer {
  const values = [algorithms.authentication, algorithms.integrity, algorithms.confidentiality];
  return Buffer.concat(values.map((value, type) => Buffer.of(type, 0, 0, recordLength, value, 0, 0, 0)));
}

/** @throws Malformed when a record is not of the type and length that belong in its place */
export function decodeAlgorithms(reader: Reader): Algorithms {
  return { authentication: record(reader, 0), integrity: record(reader, 1), confidentiality: record(reader, 2) };
}

function record(reader: Reader, type: number): number {
  const bytes = new Reader(reader.take(recordLength), 'algorithm');
  const found = bytes.u8();
  bytes.skip(2);
  const length = bytes.u8();
  // A length of 0 stands for "whichever you like" (§13.17): algorithm 0, none, is what we then make of it.
  if (found !== type || (length !== recordLength && length !== 0)) {
    throw new Malformed(`algorithm: type ${found}, length ${length}`);
  }
  return length === 0 ? 0 : bytes.u8() & 0x3f;
}
