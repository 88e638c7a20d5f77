import type { Hardware } from '../../../api/tinkerbell/v1alpha1/hardware.ts';
import type { HardwareInterface } from '../../../api/tinkerbell/v1alpha1/hardware-interface.ts';
import { formatIpv4, type Ipv4, parseIpv4 } from '../codec/ipv4.ts';
import { type DhcpOption, findOption, optionCode } from '../codec/option.ts';
import { readUint32, textOption, uint32Option } from '../codec/option-value.ts';
import { type DhcpPacket, messageType } from '../codec/packet.ts';
import { type BootFile, chooseBootFile } from './boot-file.ts';
import type { AnswerReason, Decision, Origin, Silence } from './decision.ts';
import { type Lease, leaseOf } from './lease.ts';
import { netbootClient } from './netboot-client.ts';
import type { DecideOptions } from './options.ts';
import { ipxeOption, reservationVendorOption, vendorClassOption } from './pxe-options.ts';
import { destinationOf, makeReply, type ReplyContent, serverIdentifier } from './reply.ts';

/** A packet of a machine that is known. */
export interface KnownClient {
  readonly request: DhcpPacket;
  readonly type: number;
  readonly origin: Origin;
  readonly mac: string;
  readonly hardware: Hardware;
  readonly interface: HardwareInterface;
}

/** The answer of a server that gives every machine the address of its Hardware. */
export function decideReservation(client: KnownClient, options: DecideOptions): Decision {
  const { request, type, mac, hardware } = client;
  const about = { mac, hardware };
  const silent = (reason: Silence['reason'], detail?: string): Silence => ({
    outcome: 'silent',
    reason,
    ...about,
    ...(detail === undefined ? {} : { detail }),
  });
  if (client.interface.disableDhcp) return silent('dhcp-disabled');
  const lease = leaseOf(client.interface);
  if (type === messageType.decline) return silent('declined', `${requested(request, lease)} is used by somebody else`);
  if (type === messageType.release) return silent('released', `${formatIpv4(request.ciaddr)} was given back`);
  if (lease.problems.length > 0) return silent('unusable-data', lease.problems.join('; '));
  if (lease.address === undefined) return silent('no-address', 'dhcp.ip.address is not set');
  const wanted = type === messageType.request ? wantedAddress(request) : undefined;
  if (wanted !== undefined && wanted !== lease.address) {
    const detail = `asked for ${formatIpv4(wanted)}, its address is ${formatIpv4(lease.address)}`;
    return { ...answer(client, options, 'wrong-address', refusal(detail)), detail };
  }
  return type === messageType.inform
    ? answer(client, options, 'informed', { ...common(lease, options), type: messageType.ack, siaddr: 0 })
    : grant(client, lease, lease.address, options);
}

function grant(client: KnownClient, lease: Lease, address: Ipv4, options: DecideOptions): Decision {
  const offers = client.type === messageType.discover;
  const boot = bootContent(client, lease, options);
  const base = common(lease, options);
  const content = {
    type: offers ? messageType.offer : messageType.ack,
    yiaddr: address,
    siaddr: options.serverAddress,
    ...boot.content,
    options: [...base.options, lease.time, ...boot.content.options],
  };
  const decision = answer(client, options, offers ? 'offered' : 'acknowledged', content);
  return boot.boot === undefined ? decision : { ...decision, boot: boot.boot };
}

function common(lease: Lease, { syslogAddress }: DecideOptions): { options: readonly DhcpOption[] } {
  if (syslogAddress === undefined) return lease;
  return { options: [...lease.options, uint32Option(optionCode.logServer, syslogAddress)] };
}

/** What the reply says of booting: somebody else's program, ours, or nothing. */
function bootContent(
  { request, mac, interface: { netboot } }: KnownClient,
  { foreignBoot }: Lease,
  options: DecideOptions,
): { content: Pick<ReplyContent, 'file' | 'siaddr' | 'options'>; boot?: BootFile } {
  if (foreignBoot !== undefined) return { content: foreignContent(foreignBoot) };
  const netbooter = options.netboot === undefined ? undefined : netbootClient(request);
  if (netbooter === undefined || options.netboot === undefined) return { content: { options: [] } };
  const boot = chooseBootFile(netbooter, mac, netboot, options.netboot);
  const vendor = [reservationVendorOption];
  if (netbooter.kind === 'HTTPClient') vendor.push(vendorClassOption('HTTPClient'));
  // It says what it can do under the same number.
  if (findOption(request.options, optionCode.ipxe) !== undefined) vendor.push(ipxeOption);
  return { content: { file: boot.file, siaddr: boot.server, options: vendor }, boot };
}

/** Options 66 and 67 as the Hardware has them, and the file in the header too, for clients that look only there. */
export function foreignContent({
  server,
  file,
}: NonNullable<Lease['foreignBoot']>): Pick<ReplyContent, 'file' | 'siaddr' | 'options'> {
  const options: DhcpOption[] = [];
  if (server !== '') options.push(textOption(optionCode.tftpServerName, server));
  if (file !== '') options.push(textOption(optionCode.bootFileName, file));
  const siaddr = parseIpv4(server);
  return { ...(siaddr === undefined ? {} : { siaddr }), ...(file === '' ? {} : { file }), options };
}

function answer(
  { request, origin, mac, hardware }: KnownClient,
  options: DecideOptions,
  reason: AnswerReason,
  content: ReplyContent,
) {
  const reply = makeReply(request, serverIdentifier(request, options.serverAddress), content);
  const destination = destinationOf(request, content.type, origin);
  return { outcome: 'answered', reason, reply, destination, mac, hardware } as const;
}

function refusal(message: string): ReplyContent {
  return { type: messageType.nak, options: [textOption(optionCode.message, message)] };
}

/** The address that a REQUEST is about, in each of the client's states (RFC 2131 §4.3.2); `undefined`: it names none. */
function wantedAddress(request: DhcpPacket): Ipv4 | undefined {
  const asked = readUint32(findOption(request.options, optionCode.requestedAddress));
  return asked ?? (request.ciaddr === 0 ? undefined : request.ciaddr);
}

function requested(request: DhcpPacket, { address = 0 }: Lease): string {
  return formatIpv4(readUint32(findOption(request.options, optionCode.requestedAddress)) ?? address);
}
