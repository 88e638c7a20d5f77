/** An IPv4 address as a number: 192.0.2.1 is 0xc0000201; 0 stands for none, as in DHCP headers. */
export type Ipv4 = number;

/** Where everybody on the link hears it. */
export const broadcastAddress: Ipv4 = 0xff_ff_ff_ff;

const dotted = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

/** @returns `undefined` when `text` is no IPv4 address in dotted form */
export function parseIpv4(text: string): Ipv4 | undefined {
  const match = dotted.exec(text);
  if (match === null) return undefined;
  let address = 0;
  for (let i = 1; i <= 4; i++) {
    const octet = Number(match[i]);
    if (octet > 255) return undefined;
    address = address * 256 + octet;
  }
  return address;
}

export function formatIpv4(address: Ipv4): string {
  return `${address >>> 24}.${(address >>> 16) & 0xff}.${(address >>> 8) & 0xff}.${address & 0xff}`;
}

/** Whether the bits of `mask` are ones and then zeros. */
export function isNetmask(mask: Ipv4): boolean {
  const zeros = ~mask >>> 0;
  return ((zeros + 1) & zeros) === 0;
}

/** The address that reaches all of the network of `address`. */
export function broadcastOf(address: Ipv4, mask: Ipv4): Ipv4 {
  return (address | ~mask) >>> 0;
}
