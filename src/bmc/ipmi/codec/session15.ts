import { Malformed, Reader } from './reader.ts';
import { encodeRmcp, rmcpClass } from './rmcp.ts';

/**
 * The wrapper of IPMI v1.5 (IPMI v2.0 §13.6) outside of a session, without authentication: what Get Channel
 * Authentication Capabilities travels in, before anybody knows whether the other side speaks v2.0. Sessions of v1.5
 * are not spoken here.
 */
export const authenticationNone = 0x00;

export function encodeSessionless15(message: Buffer): Buffer {
  // Authentication type, sequence number and session id are all zero.
  const header = Buffer.alloc(10);
  header.writeUInt8(message.length, 9);
  return encodeRmcp({ class: rmcpClass.ipmi, body: Buffer.concat([header, message]) });
}

/**
 * The message in the body of an RMCP packet. Bytes after it are left alone: some senders pad (§13.6, "legacy PAD").
 * @throws Malformed, also for packets of a v1.5 session
 */
export function decodeSessionless15(body: Buffer): Buffer {
  const reader = new Reader(body, 'IPMI v1.5 packet');
  const type = reader.u8();
  if (type !== authenticationNone) throw new Malformed(`IPMI v1.5 packet: authentication type ${type}`);
  reader.skip(4);
  const sessionId = reader.u32();
  if (sessionId !== 0) throw new Malformed('IPMI v1.5 packet: of a session that nobody opened');
  return reader.take(reader.u8());
}
