import { broadcastAddress, type Ipv4 } from '../codec/ipv4.ts';
import { type DhcpOption, findOption, optionCode } from '../codec/option.ts';
import { bytesOption, readSubOptions, readUint32, textOption, uint32Option } from '../codec/option-value.ts';
import { broadcastFlag, type DhcpPacket, maxFileBytes, messageType, operation } from '../codec/packet.ts';
import type { Destination, Origin } from './decision.ts';

/** What a reply says besides what it takes from the request. */
export interface ReplyContent {
  readonly type: number;
  readonly yiaddr?: Ipv4;
  readonly siaddr?: Ipv4;
  readonly sname?: string;
  /** File to boot. */
  readonly file?: string;
  /** In any order, without 53, 54, 61 and 82. */
  readonly options: readonly DhcpOption[];
}

const serverPort = 67;
const empty = Buffer.alloc(0);
/** Sub-option 11 of option 82: a relay that wants to see all traffic passes for the server (RFC 5107). */
const serverIdentifierOverride = 11;

/** Our address as this client is to know it. */
export function serverIdentifier({ options }: DhcpPacket, serverAddress: Ipv4): Ipv4 {
  const relay = findOption(options, optionCode.relayAgentInformation);
  if (relay === undefined) return serverAddress;
  const override = readSubOptions(relay).find(({ code }) => code === serverIdentifierOverride);
  return readUint32(override?.data) ?? serverAddress;
}

/**
 * The reply to `request`: what the client and the relay must find again is copied, options are in ascending order with
 * option 82 last (RFC 3046 §2.2).
 */
export function makeReply(request: DhcpPacket, server: Ipv4, content: ReplyContent): DhcpPacket {
  const options: DhcpOption[] = [
    ...content.options,
    bytesOption(optionCode.messageType, content.type),
    uint32Option(optionCode.serverIdentifier, server),
  ];
  const client = findOption(request.options, optionCode.clientIdentifier);
  // RFC 6842 §3.
  if (client !== undefined) options.push({ code: optionCode.clientIdentifier, data: client });
  const file = Buffer.from(content.file ?? '', 'utf8');
  const fits = file.length < maxFileBytes;
  // Half a URL is worse than none: what does not fit goes where there is room.
  if (!fits) options.push(textOption(optionCode.bootFileName, content.file ?? ''));
  options.sort((a, b) => a.code - b.code);
  const relay = findOption(request.options, optionCode.relayAgentInformation);
  if (relay !== undefined) options.push({ code: optionCode.relayAgentInformation, data: relay });
  return {
    op: operation.reply,
    htype: request.htype,
    hops: 0,
    xid: request.xid,
    secs: 0,
    // A client that hears NAK has no address to be reached at (RFC 2131 §4.3.2).
    flags: content.type === messageType.nak ? request.flags | broadcastFlag : request.flags,
    ciaddr: 0,
    yiaddr: content.yiaddr ?? 0,
    siaddr: content.siaddr ?? 0,
    giaddr: request.giaddr,
    chaddr: request.chaddr,
    sname: content.sname === undefined ? empty : Buffer.from(content.sname, 'latin1'),
    file: fits ? file : empty,
    options,
  };
}

/**
 * Where a reply of `type` goes (RFC 2131 §4.1): to the relay; to a client that has an address, at that; else to
 * everybody, because a client that does not know its address yet answers no ARP.
 */
export function destinationOf(request: DhcpPacket, type: number, origin: Origin): Destination {
  if (request.giaddr !== 0) return { address: request.giaddr, port: serverPort };
  if (type === messageType.nak) return { address: broadcastAddress, port: origin.port };
  if (origin.address !== 0) return { address: origin.address, port: origin.port };
  return { address: request.ciaddr === 0 ? broadcastAddress : request.ciaddr, port: origin.port };
}
