import type { IncomingMessage } from 'node:http';
import { BlockList, isIPv4 } from 'node:net';
import { canonicalIp } from '../../api/meta/ip-address.ts';

/** The proxies whose `X-Forwarded-For` is believed. */
export class TrustedProxies {
  readonly #list = new BlockList();
  readonly #empty: boolean;

  /**
   * @param networks IP addresses and networks with prefix length, such as `192.0.2.0/24`
   * @throws RangeError naming all that are none, or that contain everybody: whoever asks could then be anybody
   */
  constructor(networks: readonly string[]) {
    const wrong = networks.filter((network) => !this.#add(network));
    if (wrong.length > 0) throw new RangeError(`no network that may be trusted: ${wrong.join(', ')}`);
    this.#empty = networks.length === 0;
  }

  /** Who sent `request`; undefined when the connection is gone. */
  clientOfRequest({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>): string | undefined {
    const peer = canonicalIp(socket.remoteAddress ?? '');
    const header = headers['x-forwarded-for'];
    return peer === undefined ? undefined : this.clientOf(peer, Array.isArray(header) ? header.join(',') : header);
  }

  /**
   * Who asks: the peer of the connection, or, when that is a proxy we trust, who the header names. Read from the right,
   * since everything left of the first address that is no proxy of ours could have been made up by it. An element that is
   * no address ends the reading; the last one before it counts.
   * @param peer in canonical form
   */
  clientOf(peer: string, forwardedFor: string | undefined): string {
    if (this.#empty || forwardedFor === undefined || !this.#trusts(peer)) return peer;
    let client = peer;
    for (const element of forwardedFor.split(',').reverse()) {
      const address = canonicalIp(element.trim());
      if (address === undefined) break;
      client = address;
      if (!this.#trusts(address)) break;
    }
    return client;
  }

  #trusts(address: string): boolean {
    return this.#list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
  }

  #add(network: string): boolean {
    const [text = '', bits, ...more] = network.split('/');
    const address = canonicalIp(text);
    if (address === undefined || more.length > 0) return false;
    const family = isIPv4(address) ? 'ipv4' : 'ipv6';
    if (bits === undefined) {
      this.#list.addAddress(address, family);
      return true;
    }
    const prefix = Number(bits);
    if (!/^\d{1,3}$/.test(bits) || prefix < 1 || prefix > (family === 'ipv4' ? 32 : 128)) return false;
    this.#list.addSubnet(address, prefix, family);
    return true;
  }
}
