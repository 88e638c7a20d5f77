import { Malformed, Reader } from './reader.ts';

/** RAKP Message 1, console to BMC (IPMI v2.0 §13.20): who wants in, and a random number. */
export interface Rakp1 {
  tag: number;
  bmcSessionId: number;
  /** R_M, 16 bytes. */
  consoleRandom: Buffer;
  /** Role_M as it goes into the hashes: privilege level, and bit 4 for a look-up by name only. */
  role: number;
  username: Buffer;
}

/** RAKP Message 2, BMC to console (§13.21): its random number and the proof that it knows the password. */
export interface Rakp2 {
  tag: number;
  status: number;
  /** 0 where a BMC leaves it out of a refusal. */
  consoleSessionId: number;
  /** R_C, 16 bytes; empty unless status is 0, like the two below. */
  bmcRandom: Buffer;
  /** 16 bytes. */
  guid: Buffer;
  authCode: Buffer;
}

/** RAKP Messages 3 (console to BMC, §13.22) and 4 (BMC to console, §13.23): the proofs that end the handshake. */
export interface RakpProof {
  tag: number;
  /** Not 0 to break the handshake off. */
  status: number;
  /** The id that the receiver chose; 0 where a BMC leaves it out of a refusal. */
  sessionId: number;
  /** Empty when the handshake is broken off. */
  authCode: Buffer;
}

export const randomLength = 16;
export const guidLength = 16;
/** Longest user name, in bytes (§13.20). */
export const usernameLimit = 16;
/** Bit of `role`: find the user by name, not by name and privilege level. */
export const nameOnlyLookup = 0x10;

export function encodeRakp1(message: Rakp1): Buffer {
  const bytes = Buffer.alloc(28);
  bytes.writeUInt8(message.tag, 0);
  bytes.writeUInt32LE(message.bmcSessionId, 4);
  message.consoleRandom.copy(bytes, 8);
  bytes.writeUInt8(message.role, 24);
  bytes.writeUInt8(message.username.length, 27);
  return Buffer.concat([bytes, message.username]);
}

/** @throws Malformed */
export function decodeRakp1(payload: Buffer): Rakp1 {
  const reader = new Reader(payload, 'RAKP 1');
  const tag = reader.u8();
  reader.skip(3);
  const bmcSessionId = reader.u32();
  const consoleRandom = reader.take(randomLength);
  const role = reader.u8();
  reader.skip(2);
  const length = reader.u8();
  if (length > usernameLimit) throw new Malformed(`RAKP 1: user name of ${length} bytes`);
  return { tag, bmcSessionId, consoleRandom, role, username: reader.take(length) };
}

export function encodeRakp2(message: Rakp2): Buffer {
  return Buffer.concat([
    proofHeader(message.tag, message.status, message.consoleSessionId),
    message.bmcRandom,
    message.guid,
    message.authCode,
  ]);
}

/** @throws Malformed */
export function decodeRakp2(payload: Buffer): Rakp2 {
  const reader = new Reader(payload, 'RAKP 2');
  const { tag, status, sessionId: consoleSessionId } = readProofHeader(reader);
  const empty = Buffer.alloc(0);
  if (status !== 0) return { tag, status, consoleSessionId, bmcRandom: empty, guid: empty, authCode: empty };
  const bmcRandom = reader.take(randomLength);
  const guid = reader.take(guidLength);
  return { tag, status, consoleSessionId, bmcRandom, guid, authCode: reader.rest() };
}

export function encodeRakpProof(message: RakpProof): Buffer {
  return Buffer.concat([proofHeader(message.tag, message.status, message.sessionId), message.authCode]);
}

/** @throws Malformed */
export function decodeRakpProof(payload: Buffer): RakpProof {
  const reader = new Reader(payload, 'RAKP 3 or 4');
  return { ...readProofHeader(reader), authCode: reader.rest() };
}

function proofHeader(tag: number, status: number, sessionId: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt8(tag, 0);
  bytes.writeUInt8(status, 1);
  bytes.writeUInt32LE(sessionId, 4);
  return bytes;
}

function readProofHeader(reader: Reader): { tag: number; status: number; sessionId: number } {
  const tag = reader.u8();
  const status = reader.u8();
  if (status !== 0 && reader.left < 6) return { tag, status, sessionId: 0 };
  reader.skip(2);
  return { tag, status, sessionId: reader.u32() };
}
