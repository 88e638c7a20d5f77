import { findOption, optionCode } from '../codec/option.ts';
import { readArchitectures, readUserClasses } from '../codec/option-value.ts';
import type { DhcpPacket } from '../codec/packet.ts';

/** A client that wants to boot over the network. */
export interface NetbootClient {
  /** Which way: TFTP, or UEFI HTTP boot, which takes URLs only. */
  readonly kind: 'PXEClient' | 'HTTPClient';
  /** Option 93. */
  readonly architectures: readonly number[];
  /** Which boot program runs already: ours, any iPXE, or firmware. */
  readonly program: 'Tinkerbell' | 'iPXE' | 'firmware';
}

const pxe = Buffer.from('PXEClient');
const http = Buffer.from('HTTPClient');
const uuidBytes = 17;

/**
 * What a DISCOVER or REQUEST tells of network boot; `undefined` when it comes from somebody who wants none. Options 60,
 * 93 and 94 must be there and 97 well formed if it is (RFC 4578 §2, which firmware and iPXE keep to).
 */
export function netbootClient({ options }: DhcpPacket): NetbootClient | undefined {
  const vendorClass = findOption(options, optionCode.vendorClass);
  if (vendorClass === undefined) return undefined;
  const kind = startsWith(vendorClass, pxe) ? 'PXEClient' : startsWith(vendorClass, http) ? 'HTTPClient' : undefined;
  if (kind === undefined) return undefined;
  const architectures = findOption(options, optionCode.clientArchitecture);
  if (architectures === undefined) return undefined;
  if (findOption(options, optionCode.clientNetworkInterface) === undefined) return undefined;
  if (!isMachineIdentifier(findOption(options, optionCode.clientMachineIdentifier))) return undefined;
  const classes = readUserClasses(findOption(options, optionCode.userClass));
  return {
    kind,
    architectures: readArchitectures(architectures),
    program: classes.includes('Tinkerbell') ? 'Tinkerbell' : classes.includes('iPXE') ? 'iPXE' : 'firmware',
  };
}

function isMachineIdentifier(data: Buffer | undefined): boolean {
  return data === undefined || data.length === 0 || (data.length === uuidBytes && data[0] === 0);
}

function startsWith(data: Buffer, prefix: Buffer): boolean {
  return data.length >= prefix.length && data.compare(prefix, 0, prefix.length, 0, prefix.length) === 0;
}
