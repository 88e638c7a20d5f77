import { Reader } from '../codec/reader.ts';
import { commandCode } from './codes.ts';
import type { Command } from './command.ts';

/** What a BMC says of its LAN channel before anybody logs in (IPMI v2.0 §22.13). */
export interface ChannelAuthentication {
  /** Speaks RMCP+. */
  v20: boolean;
  /** K_G is set: sessions need a second key besides the password. */
  needsBmcKey: boolean;
}

/** The channel that the request came by. */
const thisChannel = 0x0e;
const askV20 = 0x80;

export function getChannelAuthentication(privilege: number): Command<ChannelAuthentication> {
  return {
    name: 'get channel authentication capabilities',
    ...commandCode.getChannelAuthentication,
    data: Buffer.of(thisChannel | askV20, privilege),
    parse: decodeChannelAuthentication,
  };
}

export function encodeChannelAuthentication({ v20, needsBmcKey }: ChannelAuthentication): Buffer {
  // Channel 1; v2.0 data follow; only named users, no authentication for v1.5 sessions, which there are none of.
  return Buffer.of(1, v20 ? askV20 : 0, (needsBmcKey ? 0x20 : 0) | 0x04, v20 ? 0x02 : 0x01, 0, 0, 0, 0);
}

/** @throws Malformed */
export function decodeChannelAuthentication(data: Buffer): ChannelAuthentication {
  const reader = new Reader(data, 'channel authentication capabilities');
  reader.skip(1);
  const extended = (reader.u8() & askV20) !== 0;
  const needsBmcKey = (reader.u8() & 0x20) !== 0;
  const v20 = extended && (reader.u8() & 0x02) !== 0;
  return { v20, needsBmcKey };
}
