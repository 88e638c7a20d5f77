import type { Ipv4 } from './ipv4.ts';
import { type DhcpOption, OptionReader, optionBytes, optionCode, writeOption } from './option.ts';

/** The `op` field. */
export const operation = { request: 1, reply: 2 } as const;

/** Values of option 53 (RFC 2132 §9.6). */
export const messageType = {
  discover: 1,
  offer: 2,
  request: 3,
  decline: 4,
  ack: 5,
  nak: 6,
  release: 7,
  inform: 8,
} as const;

/** `htype` of Ethernet. */
export const ethernet = 1;

/** The broadcast bit of `flags`. */
export const broadcastFlag = 0x8000;

/** A DHCP packet (RFC 2131 §2). */
export interface DhcpPacket {
  readonly op: number;
  readonly htype: number;
  readonly hops: number;
  readonly xid: number;
  readonly secs: number;
  readonly flags: number;
  readonly ciaddr: Ipv4;
  readonly yiaddr: Ipv4;
  readonly siaddr: Ipv4;
  readonly giaddr: Ipv4;
  /** Up to 16 bytes, as many as `hlen` says. */
  readonly chaddr: Buffer;
  /** Up to 64 bytes, without the zeros at the end. Empty when options were in the field. */
  readonly sname: Buffer;
  /** Up to 128 bytes, without the zeros at the end. Empty when options were in the field. */
  readonly file: Buffer;
  /** In the order of the packet, unknown ones too; each code once. */
  readonly options: readonly DhcpOption[];
}

export type Decoded = { readonly packet: DhcpPacket } | { readonly problem: string };

const headerBytes = 236;
const magicCookie = 0x63_82_53_63;
const optionsAt = 240;
const chaddrAt = 28;
const snameAt = 44;
const fileAt = 108;
const maxChaddrBytes = 16;
export const maxSnameBytes = fileAt - snameAt;
export const maxFileBytes = headerBytes - fileAt;
/** Some old clients and relays drop what is shorter (RFC 951; RFC 1542 §2.1). */
const minPacketBytes = 300;
/** No client has so much to say; what is longer is not looked at. */
export const maxPacketBytes = 4096;

/**
 * Reads a packet: options from the options field and, where option 52 says so, from `file` and `sname`, long options
 * joined (RFC 3396). The buffers within point into `bytes`.
 */
export function decodePacket(bytes: Buffer): Decoded {
  if (bytes.length < optionsAt) return { problem: `${bytes.length} bytes are too few for DHCP` };
  if (bytes.length > maxPacketBytes) return { problem: `${bytes.length} bytes are too many for DHCP` };
  if (bytes.readUInt32BE(headerBytes) !== magicCookie) return { problem: 'the magic cookie of DHCP is missing' };
  const hlen = bytes[2] as number;
  if (hlen > maxChaddrBytes) return { problem: `hardware address of ${hlen} bytes` };
  const reader = new OptionReader();
  const problem = reader.read(bytes, optionsAt, bytes.length);
  if (problem !== undefined) return { problem };
  const overloaded = readOverloaded(reader, bytes);
  if (typeof overloaded === 'string') return { problem: overloaded };
  const options = reader.options();
  return {
    packet: {
      op: bytes[0] as number,
      htype: bytes[1] as number,
      hops: bytes[3] as number,
      xid: bytes.readUInt32BE(4),
      secs: bytes.readUInt16BE(8),
      flags: bytes.readUInt16BE(10),
      ciaddr: bytes.readUInt32BE(12),
      yiaddr: bytes.readUInt32BE(16),
      siaddr: bytes.readUInt32BE(20),
      giaddr: bytes.readUInt32BE(24),
      chaddr: bytes.subarray(chaddrAt, chaddrAt + hlen),
      sname: overloaded & 2 ? empty : textField(bytes, snameAt, fileAt),
      file: overloaded & 1 ? empty : textField(bytes, fileAt, headerBytes),
      // What is joined is not overloaded any more.
      options: overloaded === 0 ? options : options.filter(({ code }) => code !== optionCode.overload),
    },
  };
}

/**
 * Writes a packet of at least 300 bytes, options in the order given.
 * @throws RangeError when a field is longer than its place
 */
export function encodePacket(packet: DhcpPacket): Buffer {
  const { chaddr, sname, file, options } = packet;
  if (chaddr.length > maxChaddrBytes || sname.length > maxSnameBytes || file.length > maxFileBytes) {
    throw new RangeError(`DHCP: chaddr ${chaddr.length}, sname ${sname.length}, file ${file.length} bytes`);
  }
  let length = optionsAt + 1;
  for (const option of options) length += optionBytes(option);
  const bytes = Buffer.allocUnsafe(Math.max(minPacketBytes, length));
  bytes[0] = packet.op;
  bytes[1] = packet.htype;
  bytes[2] = chaddr.length;
  bytes[3] = packet.hops;
  bytes.writeUInt32BE(packet.xid, 4);
  bytes.writeUInt16BE(packet.secs, 8);
  bytes.writeUInt16BE(packet.flags, 10);
  bytes.writeUInt32BE(packet.ciaddr, 12);
  bytes.writeUInt32BE(packet.yiaddr, 16);
  bytes.writeUInt32BE(packet.siaddr, 20);
  bytes.writeUInt32BE(packet.giaddr, 24);
  bytes.fill(0, chaddrAt, headerBytes);
  chaddr.copy(bytes, chaddrAt);
  sname.copy(bytes, snameAt);
  file.copy(bytes, fileAt);
  bytes.writeUInt32BE(magicCookie, headerBytes);
  let at = optionsAt;
  for (const option of options) at = writeOption(bytes, at, option);
  bytes[at] = optionCode.end;
  bytes.fill(0, at + 1);
  return bytes;
}

const empty = Buffer.alloc(0);

/** @returns the value of option 52, 0 when there is none; or what is wrong */
function readOverloaded(reader: OptionReader, bytes: Buffer): number | string {
  const overload = reader.find(optionCode.overload);
  if (overload === undefined) return 0;
  const value = overload.length === 1 ? (overload[0] as number) : 0;
  if (value < 1 || value > 3) return 'option 52 says neither file nor sname';
  // In this order (RFC 2131 §4.1, RFC 3396 §5).
  return (
    (value & 1 ? reader.read(bytes, fileAt, headerBytes) : undefined) ??
    (value & 2 ? reader.read(bytes, snameAt, fileAt) : undefined) ??
    value
  );
}

function textField(bytes: Buffer, start: number, end: number): Buffer {
  if (bytes[start] === 0) return empty;
  let length = start;
  while (length < end && bytes[length] !== 0) length += 1;
  return bytes.subarray(start, length);
}
