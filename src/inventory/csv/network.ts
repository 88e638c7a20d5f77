import { isIP, isIPv4 } from 'node:net';

/** An IPv4 address as a number; `undefined` when it is none in dotted form without leading zeros. */
export function ipv4Number(text: string): number | undefined {
  if (!isIPv4(text)) return undefined;
  return text.split('.').reduce((number, part) => number * 256 + Number(part), 0);
}

function ipv4Text(number: number): string {
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.');
}

/** Bits of a netmask in dotted form; `undefined` when its ones do not come first. */
export function prefixLength(netmask: string): number | undefined {
  const number = ipv4Number(netmask);
  if (number === undefined) return undefined;
  const zeros = 2 ** 32 - number;
  const bits = 32 - Math.log2(zeros);
  return Number.isInteger(bits) ? bits : undefined;
}

/** The subnet of an address. */
export interface Subnet {
  /** `192.0.2.0/24` */
  readonly text: string;
  readonly prefix: number;
  readonly first: number;
  readonly last: number;
}

export function subnetOf(address: number, prefix: number): Subnet {
  const size = 2 ** (32 - prefix);
  const first = address - (address % size);
  return { text: `${ipv4Text(first)}/${prefix}`, prefix, first, last: first + size - 1 };
}

export function contains({ first, last }: Subnet, address: number): boolean {
  return address >= first && address <= last;
}

/** True for the two addresses of a subnet that no machine may have; networks of two (RFC 3021) and one have none. */
export function isReserved({ prefix, first, last }: Subnet, address: number): boolean {
  return prefix < 31 && (address === first || address === last);
}

/** True for an address that one machine can have: no loopback, multicast, broadcast or "this network". */
export function isUnicast(address: number): boolean {
  const top = Math.floor(address / 2 ** 24);
  return top !== 0 && top !== 127 && top < 224;
}

/** An IP address in its one canonical form; `undefined` when it is none, or has a zone. */
export function canonicalIp(text: string): string | undefined {
  if (isIP(text) === 0 || text.includes('%')) return undefined;
  return isIPv4(text) ? text : new URL(`http://[${text}]/`).hostname.slice(1, -1);
}
