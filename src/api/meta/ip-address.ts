import { isIP, SocketAddress } from 'node:net';

/**
 * The one form in which IP addresses are compared. IPv4 addresses that a dual-stack socket shows as IPv6
 * (`::ffff:192.0.2.1`) become IPv4 ones; a zone (`%eth0`) is dropped.
 * @returns `undefined` when `text` is none
 */
export function canonicalIp(text: string): string | undefined {
  const family = isIP(text);
  if (family === 4) return text;
  if (family !== 6) return undefined;
  const zone = text.indexOf('%');
  const { address } = new SocketAddress({ address: zone < 0 ? text : text.slice(0, zone), family: 'ipv6' });
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(address);
  return mapped?.[1] ?? address;
}
