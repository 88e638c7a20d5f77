import type { Ipv4 } from './ipv4.ts';
import type { DhcpOption } from './option.ts';

/** A destination and the router to it, for option 121. */
export interface ClasslessRoute {
  readonly network: Ipv4;
  /** 0 to 32. */
  readonly prefixLength: number;
  readonly router: Ipv4;
}

export function bytesOption(code: number, ...bytes: number[]): DhcpOption {
  return { code, data: Buffer.from(bytes) };
}

export function textOption(code: number, text: string): DhcpOption {
  return { code, data: Buffer.from(text, 'utf8') };
}

/** A number of four bytes: an address, or seconds. */
export function uint32Option(code: number, value: number): DhcpOption {
  const data = Buffer.allocUnsafe(4);
  data.writeUInt32BE(value);
  return { code, data };
}

export function addressesOption(code: number, addresses: readonly Ipv4[]): DhcpOption {
  const data = Buffer.allocUnsafe(4 * addresses.length);
  for (const [index, address] of addresses.entries()) data.writeUInt32BE(address, 4 * index);
  return { code, data };
}

/** Option 121 (RFC 3442): each network takes only the bytes that its prefix needs. */
export function classlessRoutesOption(code: number, routes: readonly ClasslessRoute[]): DhcpOption {
  const parts = routes.map(({ network, prefixLength, router }) => {
    const significant = Math.ceil(prefixLength / 8);
    const data = Buffer.allocUnsafe(1 + significant + 4);
    data[0] = prefixLength;
    const masked = prefixLength === 0 ? 0 : (network & (0xff_ff_ff_ff << (32 - prefixLength))) >>> 0;
    for (let i = 0; i < significant; i++) data[1 + i] = (masked >>> (24 - 8 * i)) & 0xff;
    data.writeUInt32BE(router, 1 + significant);
    return data;
  });
  return { code, data: Buffer.concat(parts) };
}

const maxLabelBytes = 63;
const maxNameBytes = 255;

/**
 * Names as labels (RFC 1035 §3.1), without compression, for option 119 (RFC 3397).
 * @returns `undefined` when one is no domain name
 */
export function domainNamesOption(code: number, names: readonly string[]): DhcpOption | undefined {
  const parts: Buffer[] = [];
  for (const name of names) {
    const encoded = encodeName(name);
    if (encoded === undefined) return undefined;
    parts.push(encoded);
  }
  return { code, data: Buffer.concat(parts) };
}

function encodeName(name: string): Buffer | undefined {
  const labels = name
    .replace(/\.$/, '')
    .split('.')
    .map((label) => Buffer.from(label, 'utf8'));
  if (labels.some(({ length }) => length < 1 || length > maxLabelBytes)) return undefined;
  const encoded = Buffer.concat([...labels.flatMap((label) => [Buffer.of(label.length), label]), Buffer.of(0)]);
  return encoded.length > maxNameBytes ? undefined : encoded;
}

/** A number of four bytes; `undefined` when there are fewer or more. */
export function readUint32(data: Buffer | undefined): number | undefined {
  return data?.length === 4 ? data.readUInt32BE() : undefined;
}

/**
 * User classes of option 77. RFC 3004 puts a length before each; firmware and iPXE also send one bare word.
 * The bare reading comes last and is always there, as old clients mean it.
 */
export function readUserClasses(data: Buffer | undefined): string[] {
  if (data === undefined || data.length === 0) return [];
  const classes: string[] = [];
  let at = 0;
  while (at < data.length) {
    const length = data[at] as number;
    if (length === 0 || at + 1 + length > data.length) {
      classes.length = 0;
      break;
    }
    classes.push(data.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  classes.push(data.toString('latin1'));
  return classes;
}

/** Architectures of option 93, in the client's order of preference (RFC 4578 §2.1). */
export function readArchitectures(data: Buffer | undefined): number[] {
  const values: number[] = [];
  if (data === undefined) return values;
  for (let at = 0; at + 1 < data.length; at += 2) values.push(data.readUInt16BE(at));
  return values;
}

/** Sub-options of options 43 and 82; what follows a broken one is left out. */
export function readSubOptions(data: Buffer | undefined): DhcpOption[] {
  const found: DhcpOption[] = [];
  if (data === undefined) return found;
  let at = 0;
  while (at + 2 <= data.length) {
    const length = data[at + 1] as number;
    if (at + 2 + length > data.length) break;
    found.push({ code: data[at] as number, data: data.subarray(at + 2, at + 2 + length) });
    at += 2 + length;
  }
  return found;
}

/** Sub-options as they stand in option 43 or 82: no End after them. */
export function subOptionsOption(code: number, subOptions: readonly DhcpOption[]): DhcpOption {
  const parts = subOptions.flatMap((one) => [Buffer.of(one.code, one.data.length), one.data]);
  return { code, data: Buffer.concat(parts) };
}
