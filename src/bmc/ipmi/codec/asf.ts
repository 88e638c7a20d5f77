import { Malformed, Reader } from './reader.ts';
import { encodeRmcp, rmcpClass } from './rmcp.ts';

/** Presence Ping and Pong (IPMI v2.0 §13.2.3, §13.2.4; ASF 2.0 §3.2.4): "is there a BMC, and does it speak IPMI?" */
export type AsfMessage =
  | { type: 'ping'; tag: number }
  | {
      type: 'pong';
      tag: number;
      /** Whether IPMI is spoken here. */
      ipmi: boolean;
    };

/** IANA enterprise number of ASF, big-endian on the wire as everything in ASF. */
const asfEnterprise = 4542;
const pingType = 0x80;
const pongType = 0x40;
const ipmiSupported = 0x80;
const asfVersion1 = 0x01;
const pongDataLength = 16;

export function encodeAsf(message: AsfMessage): Buffer {
  const data = message.type === 'ping' ? Buffer.alloc(0) : pongData(message.ipmi);
  const header = Buffer.alloc(8);
  header.writeUInt32BE(asfEnterprise, 0);
  header.writeUInt8(message.type === 'ping' ? pingType : pongType, 4);
  header.writeUInt8(message.tag, 5);
  header.writeUInt8(data.length, 7);
  return encodeRmcp({ class: rmcpClass.asf, body: Buffer.concat([header, data]) });
}

/** @throws Malformed */
export function decodeAsf(body: Buffer): AsfMessage {
  const reader = new Reader(body, 'ASF');
  const enterprise = reader.take(4).readUInt32BE();
  if (enterprise !== asfEnterprise) throw new Malformed(`ASF: enterprise ${enterprise}`);
  const type = reader.u8();
  const tag = reader.u8();
  reader.skip(1);
  const data = reader.take(reader.u8());
  if (type === pingType) return { type: 'ping', tag };
  if (type !== pongType) throw new Malformed(`ASF: message type ${type}`);
  const entities = new Reader(data, 'ASF pong');
  entities.skip(8);
  return { type: 'pong', tag, ipmi: (entities.u8() & ipmiSupported) !== 0 };
}

function pongData(ipmi: boolean): Buffer {
  const data = Buffer.alloc(pongDataLength);
  data.writeUInt32BE(asfEnterprise, 0);
  data.writeUInt8((ipmi ? ipmiSupported : 0) | asfVersion1, 8);
  return data;
}
