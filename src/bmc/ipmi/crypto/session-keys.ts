import { createHmac, timingSafeEqual } from 'node:crypto';
import { Malformed } from '../codec/reader.ts';
import { encodeRmcp, rmcpClass } from '../codec/rmcp.ts';
import { decodeSessionPacket, encodeSessionHeader, sessionHeaderLength } from '../codec/session20.ts';
import type { CipherSuite } from './cipher-suite.ts';
import { decryptPayload, encryptPayload } from './confidentiality.ts';

/** What travels in an authenticated, encrypted packet. */
export interface SealedContent {
  payloadType: number;
  sessionId: number;
  sequence: number;
  payload: Buffer;
}

const nextHeader = 0x07;
const aesKeyLength = 16;

/** The keys of one session: makes packets that nobody else can make or read (IPMI v2.0 §13.28, §13.29, table 13-8). */
export class SessionKeys {
  readonly #suite: CipherSuite;
  readonly #integrityKey: Buffer;
  readonly #encryptionKey: Buffer;

  constructor(suite: CipherSuite, k1: Buffer, k2: Buffer) {
    this.#suite = suite;
    this.#integrityKey = k1;
    this.#encryptionKey = k2.subarray(0, aesKeyLength);
  }

  /** A whole datagram. */
  seal(content: SealedContent): Buffer {
    const payload = encryptPayload(this.#encryptionKey, content.payload);
    const packet = encodeSessionHeader({ ...content, payload, encrypted: true, authenticated: true });
    const padLength = padLengthOf(packet.length);
    const covered = Buffer.concat([packet, Buffer.alloc(padLength, 0xff), Buffer.of(padLength, nextHeader)]);
    return encodeRmcp({ class: rmcpClass.ipmi, body: Buffer.concat([covered, this.#authCode(covered)]) });
  }

  /**
   * What is in the body of an RMCP packet.
   * @throws Malformed when it is not from the holder of these keys, or not sealed at all
   */
  open(body: Buffer): SealedContent {
    const packet = decodeSessionPacket(body);
    if (!packet.authenticated || !packet.encrypted) throw new Malformed('RMCP+ packet: not sealed');
    const payloadEnd = sessionHeaderLength + packet.payload.length;
    const coveredLength = payloadEnd + padLengthOf(payloadEnd) + 2;
    // Exactly the code's length: bytes after it would be bytes that nobody vouches for.
    if (body.length !== coveredLength + this.#suite.integrityLength) throw new Malformed('RMCP+ packet: wrong length');
    const covered = body.subarray(0, coveredLength);
    if (!timingSafeEqual(body.subarray(coveredLength), this.#authCode(covered))) {
      throw new Malformed('RMCP+ packet: wrong authentication code');
    }
    const payload = decryptPayload(this.#encryptionKey, packet.payload);
    return { payloadType: packet.payloadType, sessionId: packet.sessionId, sequence: packet.sequence, payload };
  }

  #authCode(covered: Buffer): Buffer {
    const whole = createHmac(this.#suite.hash, this.#integrityKey).update(covered).digest();
    return whole.subarray(0, this.#suite.integrityLength);
  }
}

/** The pad makes everything up to and including the next-header byte a multiple of 4 (table 13-8). */
function padLengthOf(packetLength: number): number {
  return (4 - ((packetLength + 2) % 4)) % 4;
}
