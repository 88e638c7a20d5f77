import { createHmac } from 'node:crypto';
import type { CipherSuite } from './cipher-suite.ts';
import { SessionKeys } from './session-keys.ts';

/** Everything the two sides have told each other by the time it is hashed (IPMI v2.0 §13.31). */
export interface HandshakeFacts {
  suite: CipherSuite;
  consoleSessionId: number;
  bmcSessionId: number;
  /** R_M and R_C, 16 bytes each. */
  consoleRandom: Buffer;
  bmcRandom: Buffer;
  /** The BMC's, 16 bytes. */
  guid: Buffer;
  /** Role_M as sent in RAKP 1. */
  role: number;
  username: Buffer;
}

/** Longest password of IPMI v2.0, in bytes. */
export const passwordLimit = 20;

/** K_UID: the password, filled up with zeroes (§13.31). */
export function userKey(password: string): Buffer {
  const key = Buffer.alloc(passwordLimit);
  key.write(password);
  return key;
}

/** By this the BMC proves in RAKP 2 that it knows the password (§13.31, "key exchange authentication code"). */
export function rakp2AuthCode(facts: HandshakeFacts, key: Buffer): Buffer {
  return hmac(facts.suite, key, [
    id(facts.consoleSessionId),
    id(facts.bmcSessionId),
    facts.consoleRandom,
    facts.bmcRandom,
    facts.guid,
    name(facts),
  ]);
}

/** By this the console proves it in RAKP 3. */
export function rakp3AuthCode(facts: HandshakeFacts, key: Buffer): Buffer {
  return hmac(facts.suite, key, [facts.bmcRandom, id(facts.consoleSessionId), name(facts)]);
}

/** By this the BMC proves in RAKP 4 that it got the same session key (§13.31, "integrity check value"). */
export function rakp4Check(facts: HandshakeFacts, sessionKey: Buffer): Buffer {
  const whole = hmac(facts.suite, sessionKey, [facts.consoleRandom, id(facts.bmcSessionId), facts.guid]);
  return whole.subarray(0, facts.suite.integrityLength);
}

/** SIK, the session integrity key (§13.31). The user's key stands in for K_G, which is not set on BMCs as they come. */
export function sessionIntegrityKey(facts: HandshakeFacts, key: Buffer): Buffer {
  return hmac(facts.suite, key, [facts.consoleRandom, facts.bmcRandom, name(facts)]);
}

/** K_1 and K_2 (§13.32), made from constants of 20 bytes whatever the hash. */
export function sessionKeys(suite: CipherSuite, sessionKey: Buffer): SessionKeys {
  const additional = (constant: number) => hmac(suite, sessionKey, [Buffer.alloc(20, constant)]);
  return new SessionKeys(suite, additional(1), additional(2));
}

function hmac(suite: CipherSuite, key: Buffer, parts: Buffer[]): Buffer {
  const hash = createHmac(suite.hash, key);
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function id(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function name({ role, username }: HandshakeFacts): Buffer {
  return Buffer.concat([Buffer.of(role, username.length), username]);
}
