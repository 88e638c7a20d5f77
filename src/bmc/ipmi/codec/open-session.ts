import { type Algorithms, decodeAlgorithms, encodeAlgorithms } from './algorithms.ts';
import { Reader } from './reader.ts';

/** RMCP+ Open Session Request (IPMI v2.0 §13.17). */
export interface OpenSessionRequest {
  /** Repeated by the answer. */
  tag: number;
  /** Privilege level wanted; 0 for the highest that goes with the algorithms. */
  privilege: number;
  /** The id that packets to the console shall carry; not 0. */
  consoleSessionId: number;
  algorithms: Algorithms;
}

/** RMCP+ Open Session Response (§13.18). */
export type OpenSessionResponse = OpenSessionAcceptance | OpenSessionRefusal;

export interface OpenSessionAcceptance {
  tag: number;
  status: 0;
  privilege: number;
  consoleSessionId: number;
  bmcSessionId: number;
  algorithms: Algorithms;
}

export interface OpenSessionRefusal {
  tag: number;
  /** Why not; see `rakp-status.ts`. */
  status: number;
  /** Left out, with all that follows, by some BMCs (OpenIPMI's among them). */
  consoleSessionId?: number;
  bmcSessionId?: undefined;
}

export function encodeOpenSessionRequest(request: OpenSessionRequest): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt8(request.tag, 0);
  bytes.writeUInt8(request.privilege, 1);
  bytes.writeUInt32LE(request.consoleSessionId, 4);
  return Buffer.concat([bytes, encodeAlgorithms(request.algorithms)]);
}

/** @throws Malformed */
export function decodeOpenSessionRequest(payload: Buffer): OpenSessionRequest {
  const reader = new Reader(payload, 'Open Session Request');
  const tag = reader.u8();
  const privilege = reader.u8() & 0x0f;
  reader.skip(2);
  return { tag, privilege, consoleSessionId: reader.u32(), algorithms: decodeAlgorithms(reader) };
}

export function encodeOpenSessionResponse(response: OpenSessionResponse): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt8(response.tag, 0);
  bytes.writeUInt8(response.status, 1);
  bytes.writeUInt32LE(response.consoleSessionId ?? 0, 4);
  if (response.bmcSessionId === undefined) return bytes;
  bytes.writeUInt8(response.privilege, 2);
  const bmcSessionId = Buffer.alloc(4);
  bmcSessionId.writeUInt32LE(response.bmcSessionId);
  return Buffer.concat([bytes, bmcSessionId, encodeAlgorithms(response.algorithms)]);
}

/** @throws Malformed */
export function decodeOpenSessionResponse(payload: Buffer): OpenSessionResponse {
  const reader = new Reader(payload, 'Open Session Response');
  const tag = reader.u8();
  const status = reader.u8();
  if (status !== 0 && reader.left < 6) return { tag, status };
  const privilege = reader.u8() & 0x0f;
  reader.skip(1);
  const consoleSessionId = reader.u32();
  if (status !== 0) return { tag, status, consoleSessionId };
  const bmcSessionId = reader.u32();
  return { tag, status: 0, privilege, consoleSessionId, bmcSessionId, algorithms: decodeAlgorithms(reader) };
}
