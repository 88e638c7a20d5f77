import { Reader } from '../codec/reader.ts';
import { commandCode } from './codes.ts';
import type { Command } from './command.ts';

/** Get Device ID (IPMI v2.0 §20.1). */
export interface DeviceId {
  /** 0 to 127. */
  firmwareMajor: number;
  /** 0 to 99. */
  firmwareMinor: number;
  /** IANA enterprise number. */
  manufacturerId: number;
  productId: number;
}

export const getDeviceId: Command<DeviceId> = {
  name: 'get device id',
  ...commandCode.getDeviceId,
  data: Buffer.alloc(0),
  parse: decodeDeviceId,
};

export function encodeDeviceId(id: DeviceId): Buffer {
  // The last four are auxiliary information, which clients print whether it is there or not.
  const bytes = Buffer.alloc(15);
  bytes.writeUInt8(id.firmwareMajor, 2);
  bytes.writeUInt8((Math.floor(id.firmwareMinor / 10) << 4) | (id.firmwareMinor % 10), 3);
  // IPMI version 2.0, digits swapped.
  bytes.writeUInt8(0x02, 4);
  // A chassis device with a FRU inventory.
  bytes.writeUInt8(0x88, 5);
  bytes.writeUIntLE(id.manufacturerId, 6, 3);
  bytes.writeUInt16LE(id.productId, 9);
  return bytes;
}

/** @throws Malformed */
export function decodeDeviceId(data: Buffer): DeviceId {
  const reader = new Reader(data, 'device id');
  reader.skip(2);
  const firmwareMajor = reader.u8() & 0x7f;
  const minor = reader.u8();
  reader.skip(2);
  const manufacturerId = reader.u24() & 0x0fffff;
  // Binary-coded decimal; the nibbles of firmwares that count in hexadecimal still give a number.
  return { firmwareMajor, firmwareMinor: (minor >> 4) * 10 + (minor & 0x0f), manufacturerId, productId: reader.u16() };
}
