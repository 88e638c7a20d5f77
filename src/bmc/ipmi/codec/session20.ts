import { Malformed, Reader } from './reader.ts';
import { encodeRmcp, rmcpClass } from './rmcp.ts';

/** Payload types of RMCP+ (IPMI v2.0 §13.27.3, table 13-16). */
export const payloadType = {
  ipmi: 0x00,
  openSessionRequest: 0x10,
  openSessionResponse: 0x11,
  rakp1: 0x12,
  rakp2: 0x13,
  rakp3: 0x14,
  rakp4: 0x15,
} as const;

/** Value of the authentication type byte that tells an RMCP+ packet from one of IPMI v1.5 (§13.6, table 13-8). */
export const rmcpPlus = 0x06;
export const encryptedFlag = 0x80;
export const authenticatedFlag = 0x40;
/** Bytes before the payload: authentication type, payload type, session id, sequence number, payload length. */
export const sessionHeaderLength = 12;

/** The header of an RMCP+ packet and its payload as it came: maybe encrypted, not yet authenticated. */
export interface SessionPacket {
  payloadType: number;
  encrypted: boolean;
  authenticated: boolean;
  /** The id that the receiver chose; 0 while there is no session. */
  sessionId: number;
  sequence: number;
  payload: Buffer;
}

/** Header and payload, without trailer (§13.6, table 13-8). */
export function encodeSessionHeader(packet: SessionPacket): Buffer {
  const bytes = Buffer.alloc(sessionHeaderLength + packet.payload.length);
  const flags = (packet.encrypted ? encryptedFlag : 0) | (packet.authenticated ? authenticatedFlag : 0);
  bytes.writeUInt8(rmcpPlus, 0);
  bytes.writeUInt8(packet.payloadType | flags, 1);
  bytes.writeUInt32LE(packet.sessionId, 2);
  bytes.writeUInt32LE(packet.sequence, 6);
  bytes.writeUInt16LE(packet.payload.length, 10);
  packet.payload.copy(bytes, sessionHeaderLength);
  return bytes;
}

/** A whole datagram outside of any session: session set-up, or a command that needs none. */
export function encodeSessionless20(type: number, payload: Buffer): Buffer {
  const packet = { payloadType: type, encrypted: false, authenticated: false, sessionId: 0, sequence: 0, payload };
  return encodeRmcp({ class: rmcpClass.ipmi, body: encodeSessionHeader(packet) });
}

/** @throws Malformed */
export function decodeSessionPacket(body: Buffer): SessionPacket {
  const reader = new Reader(body, 'RMCP+ packet');
  if (reader.u8() !== rmcpPlus) throw new Malformed('RMCP+ packet: not of IPMI v2.0');
  const type = reader.u8();
  return {
    payloadType: type & 0x3f,
    encrypted: (type & encryptedFlag) !== 0,
    authenticated: (type & authenticatedFlag) !== 0,
    sessionId: reader.u32(),
    sequence: reader.u32(),
    payload: reader.take(reader.u16()),
  };
}

/**
 * The payload of a packet outside of any session.
 * @throws Malformed for packets of a session, and for ciphertext, which cannot be outside of one
 */
export function decodeSessionless20(body: Buffer): SessionPacket {
  const packet = decodeSessionPacket(body);
  if (packet.encrypted || packet.authenticated || packet.sessionId !== 0) {
    throw new Malformed('RMCP+ packet: of a session');
  }
  return packet;
}
