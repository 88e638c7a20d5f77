import { formatIpv4 } from '../codec/ipv4.ts';
import { findOption, optionCode } from '../codec/option.ts';
import { type DhcpPacket, messageType } from '../codec/packet.ts';
import { type BootFile, chooseBootFile } from './boot-file.ts';
import type { Decision, Silence } from './decision.ts';
import { leaseOf } from './lease.ts';
import { type NetbootClient, netbootClient } from './netboot-client.ts';
import type { DecideOptions } from './options.ts';
import { proxyVendorOption, vendorClassOption } from './pxe-options.ts';
import { destinationOf, makeReply, type ReplyContent, serverIdentifier } from './reply.ts';
import { foreignContent, type KnownClient } from './reservation.ts';

/** Why a packet is none of a proxy's business whoever sent it; else how the client boots. */
export function proxyClient(
  request: DhcpPacket,
  type: number,
  bootServer: boolean,
  { netboot }: DecideOptions,
): NetbootClient | Extract<Silence['reason'], 'netboot-off' | 'not-netboot'> {
  if (netboot === undefined) return 'netboot-off';
  const client = netbootClient(request);
  if (client === undefined) return 'not-netboot';
  // A REQUEST on port 67 that names no server asks the one that gave the address.
  const named = findOption(request.options, optionCode.serverIdentifier) !== undefined;
  return type === messageType.discover || bootServer || named ? client : 'not-netboot';
}

/**
 * The answer of a server that tells known machines what to boot and leaves addresses to another one (PXE 2.1 §2.2.3):
 * an OFFER beside the other server's, and an ACK to clients that ask again, mostly on port 4011.
 */
export function decideProxy(client: KnownClient, netbooter: NetbootClient, options: DecideOptions): Decision {
  const { request, type, origin, mac, hardware } = client;
  const { netboot } = options;
  if (client.interface.disableDhcp || netboot === undefined) {
    return { outcome: 'silent', reason: netboot === undefined ? 'netboot-off' : 'dhcp-disabled', mac, hardware };
  }
  const offers = type === messageType.discover;
  const { foreignBoot } = leaseOf(client.interface);
  const boot =
    foreignBoot === undefined ? chooseBootFile(netbooter, mac, client.interface.netboot, netboot) : undefined;
  const content = boot === undefined ? foreignContent(foreignBoot ?? { server: '', file: '' }) : ourContent(boot);
  const machine = findOption(request.options, optionCode.clientMachineIdentifier);
  const reply = makeReply(request, serverIdentifier(request, options.serverAddress), {
    type: offers ? messageType.offer : messageType.ack,
    ...content,
    options: [
      ...content.options,
      proxyVendorOption,
      vendorClassOption(netbooter.kind),
      ...(machine === undefined ? [] : [{ code: optionCode.clientMachineIdentifier, data: machine }]),
    ],
  });
  return {
    outcome: 'answered',
    reason: offers ? 'proxy-offered' : 'proxy-acknowledged',
    reply,
    destination: destinationOf(request, messageType.offer, origin),
    mac,
    hardware,
    ...(boot === undefined ? {} : { boot }),
  };
}

function ourContent({ file, server }: BootFile): Omit<ReplyContent, 'type'> {
  return { file, siaddr: server, sname: formatIpv4(server), options: [] };
}
