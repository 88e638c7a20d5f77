import { Malformed, Reader } from './reader.ts';

/**
 * The header of every datagram on port 623 (IPMI v2.0 §13.1.3; DMTF ASF 2.0 §3.2.2): version 6, a reserved byte, the
 * RMCP sequence number and the class of what follows.
 */
export const rmcpClass = { asf: 0x06, ipmi: 0x07 } as const;

export type RmcpClass = (typeof rmcpClass)[keyof typeof rmcpClass];

export interface RmcpPacket {
  class: RmcpClass;
  body: Buffer;
}

export const rmcpHeaderLength = 4;
/** The port of BMCs (ASF 2.0 §3.2.1). */
export const rmcpPort = 623;
const version = 0x06;
/** Sequence number of a message that wants no RMCP acknowledgement; IPMI knows no other. */
const noAcknowledgement = 0xff;

export function encodeRmcp({ class: kind, body }: RmcpPacket): Buffer {
  return Buffer.concat([Buffer.of(version, 0, noAcknowledgement, kind), body]);
}

/** @throws Malformed for anything but an ASF or IPMI message; acknowledgements (class bit 7) are none */
export function decodeRmcp(datagram: Buffer): RmcpPacket {
  const reader = new Reader(datagram, 'RMCP');
  const found = reader.u8();
  if (found !== version) throw new Malformed(`RMCP: version ${found}`);
  reader.skip(2);
  const kind = reader.u8();
  if (kind !== rmcpClass.asf && kind !== rmcpClass.ipmi) throw new Malformed(`RMCP: class ${kind}`);
  return { class: kind, body: reader.rest() };
}
