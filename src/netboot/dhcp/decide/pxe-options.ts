import { type DhcpOption, optionCode } from '../codec/option.ts';
import { bytesOption, subOptionsOption, textOption } from '../codec/option-value.ts';

/** Discovery control, bit 3: boot the file that this packet names, ask nobody (PXE 2.1 §2.1, option 43 tag 6). */
const bootFromFile = bytesOption(6, 8);
/** Trace context in the layout of the original: version, trace id, span id, flags. All zero: there is no trace. */
const noTrace = { code: 69, data: Buffer.alloc(26) };

/** Option 43 for clients that get address and boot file from us. */
export const reservationVendorOption = subOptionsOption(optionCode.vendorSpecific, [bootFromFile, noTrace]);
/** Option 43 for clients that get their address elsewhere. */
export const proxyVendorOption = subOptionsOption(optionCode.vendorSpecific, [bootFromFile]);

/**
 * Option 175 for iPXE, whichever it is: nobody else answers (its `no-pxedhcp`, 176). Else it looks three seconds for a
 * proxy, although the file to boot stands in the very offer it has.
 */
export const ipxeOption = subOptionsOption(optionCode.ipxe, [bytesOption(176, 1)]);

const vendorClasses = {
  PXEClient: textOption(optionCode.vendorClass, 'PXEClient'),
  HTTPClient: textOption(optionCode.vendorClass, 'HTTPClient'),
};

/** Option 60 of a reply. */
export function vendorClassOption(kind: keyof typeof vendorClasses): DhcpOption {
  return vendorClasses[kind];
}
