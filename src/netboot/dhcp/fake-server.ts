import { FakeHardwareCache, fakeHardware } from '../hardware/fake-hardware.ts';
import { formatIpv4 } from './codec/ipv4.ts';
import { findOption, optionCode } from './codec/option.ts';
import type { DhcpPacket } from './codec/packet.ts';
import { decide, messageName } from './decide/decide.ts';
import type { Decision, Origin } from './decide/decision.ts';
import type { DecideOptions } from './decide/options.ts';
import { addressOf } from './fake-client.ts';

/** Settings of a server at 192.0.2.2 that serves everything itself. For tests. */
export const fakeOptions: DecideOptions = {
  mode: 'reservation',
  serverAddress: addressOf('192.0.2.2'),
  netboot: {
    tftpAddress: addressOf('192.0.2.2'),
    tftpPort: 69,
    binaryUrl: 'http://192.0.2.2:7080/ipxe/binary/',
    scriptUrl: 'http://192.0.2.2:7080/ipxe/script/auto.ipxe',
    scriptUrlHasMac: true,
    macFormat: 'colon',
    architectures: new Map(),
  },
};

/** Where a client without an address sends from. */
export const fromNowhere: Origin = { address: 0, port: 68, bootServer: false };

export const fakeProxyOptions: DecideOptions = { ...fakeOptions, mode: 'proxy' };

export interface FakeExchange {
  cache?: FakeHardwareCache;
  options?: DecideOptions;
  origin?: Partial<Origin>;
}

/** What becomes of `request`. */
export function ask(request: DhcpPacket, exchange: FakeExchange = {}): Decision {
  const { cache = new FakeHardwareCache(fakeHardware()), options = fakeOptions, origin } = exchange;
  return decide(request, { ...fromNowhere, ...origin }, (mac) => cache.index.byMac(mac), options);
}

/** The reply in one line: type, address and destination, or why there is none. */
export function shown(decision: Decision): string {
  if (decision.outcome === 'silent') return decision.reason;
  const { reply, destination } = decision;
  const type = messageName(optionOf(decision, optionCode.messageType)?.[0] ?? 0);
  return `${type} ${formatIpv4(reply.yiaddr)} to ${formatIpv4(destination.address)}:${destination.port}`;
}

/** Bytes of an option of the reply; `undefined` when there is no reply or no such option. */
export function optionOf(decision: Decision, code: number): Buffer | undefined {
  return decision.outcome === 'answered' ? findOption(decision.reply.options, code) : undefined;
}

/** What the client is to boot: file, server, and option 60 where there is one; or why there is no reply. */
export function bootOf(decision: Decision): string {
  if (decision.outcome === 'silent') return decision.reason;
  const { file, siaddr } = decision.reply;
  const vendorClass = optionOf(decision, optionCode.vendorClass)?.toString();
  return [file.toString(), formatIpv4(siaddr), ...(vendorClass === undefined ? [] : [vendorClass])].join(' ');
}
