import { describeAmbiguity, type HardwareLookup } from '../../hardware/hardware-index.ts';
import { formatIpv4 } from '../codec/ipv4.ts';
import { findOption, optionCode } from '../codec/option.ts';
import { readUint32 } from '../codec/option-value.ts';
import { type DhcpPacket, ethernet, messageType, operation } from '../codec/packet.ts';
import type { Decision, Origin, Silence } from './decision.ts';
import type { DecideOptions } from './options.ts';
import { decideProxy, proxyClient } from './proxy.ts';
import { serverIdentifier } from './reply.ts';
import { decideReservation, type KnownClient } from './reservation.ts';

/** Whose interface a MAC address is. */
export type FindMachine = (mac: string) => HardwareLookup;

type Packet = Pick<KnownClient, 'request' | 'type' | 'origin' | 'mac'>;

const macBytes = 6;
const { discover, decline, release, inform } = messageType;
const understood: Record<DecideOptions['mode'], readonly number[]> = {
  reservation: [discover, messageType.request, decline, release, inform],
  proxy: [discover, messageType.request],
};

/** What becomes of a packet: the reply and where it goes, or why there is none. Depends on its arguments alone. */
export function decide(request: DhcpPacket, origin: Origin, find: FindMachine, options: DecideOptions): Decision {
  const { htype, chaddr } = request;
  if (htype !== ethernet || chaddr.length !== macBytes) {
    return silent('not-ethernet', undefined, `hardware type ${htype}, address of ${chaddr.length} bytes`);
  }
  const mac = macText(chaddr);
  if (request.op !== operation.request) return silent('not-a-request', mac);
  const typeData = findOption(request.options, optionCode.messageType);
  if (typeData?.length !== 1) return silent('no-message-type', mac);
  const type = typeData[0] as number;
  if (!understood[options.mode].includes(type)) return silent('unsupported-message', mac, `message type ${type}`);
  const other = otherServer(request, type, origin, options);
  if (other !== undefined) return silent('other-server', mac, `it is meant for ${other}`);
  const packet = { request, type, origin, mac };
  if (options.mode === 'reservation') {
    return ofMachine(packet, find, (client) => decideReservation(client, options));
  }
  const netbooter = proxyClient(request, type, origin.bootServer, options);
  if (typeof netbooter === 'string') return silent(netbooter, mac);
  return ofMachine(packet, find, (client) => decideProxy(client, netbooter, options));
}

/** The name of the type of a message, for people; its number when it has none. */
export function messageName(type: number): string {
  return names[type] ?? `type ${type}`;
}

const names: Record<number, string> = Object.fromEntries(
  Object.entries(messageType).map(([name, value]) => [value, name.toUpperCase()]),
);

function ofMachine(packet: Packet, find: FindMachine, decideFor: (client: KnownClient) => Decision): Decision {
  const { mac } = packet;
  const found = find(mac);
  if (found.outcome === 'unknown')
    return silent('unknown-machine', mac, `no Hardware has an interface with MAC ${mac}`);
  if (found.outcome === 'ambiguous') {
    const decision = silent('ambiguous-machine', mac, describeAmbiguity(mac, found.hardware));
    return { ...decision, claimants: found.hardware };
  }
  return decideFor({ ...packet, hardware: found.hardware, interface: found.interface });
}

/** The server that the client chose, when it is not this one. What came to our port 4011 is meant for us anyway. */
function otherServer(
  request: DhcpPacket,
  type: number,
  { bootServer }: Origin,
  { serverAddress }: DecideOptions,
): string | undefined {
  if (type === discover || bootServer) return undefined;
  const named = readUint32(findOption(request.options, optionCode.serverIdentifier));
  if (named === undefined || named === serverAddress) return undefined;
  return named === serverIdentifier(request, serverAddress) ? undefined : formatIpv4(named);
}

function silent(reason: Silence['reason'], mac: string | undefined, detail?: string): Silence {
  return { outcome: 'silent', reason, mac, ...(detail === undefined ? {} : { detail }) };
}

const octets = Array.from({ length: 256 }, (_, value) => value.toString(16).padStart(2, '0'));

function macText(address: Buffer): string {
  let text = octets[address[0] as number] as string;
  for (let i = 1; i < macBytes; i++) text += `:${octets[address[i] as number]}`;
  return text;
}
