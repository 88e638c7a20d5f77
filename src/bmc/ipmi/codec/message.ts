import { checksum } from './checksum.ts';
import { Malformed, Reader } from './reader.ts';

/** Network functions used here (IPMI v2.0 §5.1); those of responses are greater by one. */
export const netFn = { chassis: 0x00, app: 0x06, storage: 0x0a } as const;

/** A request inside a session or on its own (IPMI v2.0 §13.8). */
export interface IpmiRequest {
  netFn: number;
  command: number;
  /** 0 to 63, chosen by the requester; the answer repeats it. */
  sequence: number;
  data: Buffer;
}

export interface IpmiResponse extends IpmiRequest {
  /** 0x00 is success; see `completion.ts`. */
  completionCode: number;
}

/** Slave address of the BMC. */
const bmcAddress = 0x20;
/** Software id of a remote console (§5.5). */
const consoleAddress = 0x81;

export function encodeRequest(request: IpmiRequest): Buffer {
  const body = Buffer.concat([Buffer.of(request.command), request.data]);
  return frame(bmcAddress, request.netFn, consoleAddress, request.sequence, body);
}

/** `netFn` is that of the response, an odd number. */
export function encodeResponse(response: IpmiResponse): Buffer {
  const body = Buffer.concat([Buffer.of(response.command, response.completionCode), response.data]);
  return frame(consoleAddress, response.netFn, bmcAddress, response.sequence, body);
}

/** @throws Malformed */
export function decodeRequest(bytes: Buffer): IpmiRequest {
  const message = unframe(bytes);
  if (message.netFn % 2 !== 0) throw new Malformed('IPMI message: a response where a request was expected');
  return message;
}

/** @throws Malformed */
export function decodeResponse(bytes: Buffer): IpmiResponse {
  const message = unframe(bytes);
  if (message.netFn % 2 === 0) throw new Malformed('IPMI message: a request where a response was expected');
  const completionCode = new Reader(message.data, 'IPMI response').u8();
  return { ...message, completionCode, data: message.data.subarray(1) };
}

function frame(to: number, fn: number, from: number, sequence: number, body: Buffer): Buffer {
  const bytes = Buffer.alloc(6 + body.length);
  bytes.writeUInt8(to, 0);
  bytes.writeUInt8((fn << 2) & 0xff, 1);
  bytes.writeUInt8(checksum(bytes.subarray(0, 2)), 2);
  bytes.writeUInt8(from, 3);
  bytes.writeUInt8((sequence << 2) & 0xff, 4);
  body.copy(bytes, 5);
  bytes.writeUInt8(checksum(bytes.subarray(3, -1)), bytes.length - 1);
  return bytes;
}

function unframe(bytes: Buffer): IpmiRequest {
  if (bytes.length < 7) throw new Malformed(`IPMI message: ${bytes.length} bytes`);
  if (checksum(bytes.subarray(0, 3)) !== 0 || checksum(bytes.subarray(3)) !== 0) {
    throw new Malformed('IPMI message: wrong checksum');
  }
  const reader = new Reader(bytes, 'IPMI message');
  reader.skip(1);
  const fn = reader.u8() >> 2;
  reader.skip(2);
  const sequence = reader.u8() >> 2;
  const command = reader.u8();
  return { netFn: fn, sequence, command, data: reader.take(reader.left - 1) };
}
