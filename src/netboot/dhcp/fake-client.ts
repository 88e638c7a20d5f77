import { parseIpv4 } from './codec/ipv4.ts';
import { type DhcpOption, optionCode } from './codec/option.ts';
import { addressesOption, bytesOption, textOption } from './codec/option-value.ts';
import { type DhcpPacket, messageType, operation } from './codec/packet.ts';

export interface FakeClientOptions {
  type?: keyof typeof messageType;
  mac?: string;
  ciaddr?: string;
  giaddr?: string;
  requested?: string;
  server?: string;
  /** How it boots; absent: an operating system that wants an address only. */
  boots?: 'PXEClient' | 'HTTPClient';
  /** Option 93. Default: x86-64 UEFI, over HTTP for an HTTPClient. */
  architectures?: number[];
  /** Bytes of option 77. */
  userClass?: string;
  /** More options; one of the same code replaces ours, one of no bytes removes it. */
  options?: DhcpOption[];
  fields?: Partial<DhcpPacket>;
}

/** A packet as clients send them: by default the DISCOVER of the machine that `fakeHardware` describes. For tests. */
export function fakeRequest(options: FakeClientOptions = {}): DhcpPacket {
  const { type = 'discover', mac = '02:00:5e:00:53:01', boots } = options;
  const list = new Map<number, DhcpOption>();
  const set = (option: DhcpOption) => list.set(option.code, option);
  set(bytesOption(optionCode.messageType, messageType[type]));
  if (options.requested !== undefined) set(addressOption(optionCode.requestedAddress, options.requested));
  if (options.server !== undefined) set(addressOption(optionCode.serverIdentifier, options.server));
  if (boots !== undefined) {
    const [architecture = 7] = options.architectures ?? [boots === 'HTTPClient' ? 16 : 7];
    set(textOption(optionCode.vendorClass, `${boots}:Arch:${String(architecture).padStart(5, '0')}:UNDI:003001`));
    const values = options.architectures ?? [architecture];
    set(bytesOption(optionCode.clientArchitecture, ...values.flatMap((value) => [value >> 8, value & 0xff])));
    set(bytesOption(optionCode.clientNetworkInterface, 1, 3, 1));
    set({ code: optionCode.clientMachineIdentifier, data: Buffer.concat([Buffer.of(0), Buffer.alloc(16, 7)]) });
  }
  if (options.userClass !== undefined) {
    set({ code: optionCode.userClass, data: Buffer.from(options.userClass, 'latin1') });
  }
  for (const option of options.options ?? []) {
    if (option.data.length > 0) set(option);
    else list.delete(option.code);
  }
  return {
    op: operation.request,
    htype: 1,
    hops: 0,
    xid: 0x12345678,
    secs: 3,
    flags: 0,
    ciaddr: addressOf(options.ciaddr),
    yiaddr: 0,
    siaddr: 0,
    giaddr: addressOf(options.giaddr),
    chaddr: Buffer.from(mac.replaceAll(':', ''), 'hex'),
    sname: Buffer.alloc(0),
    file: Buffer.alloc(0),
    options: [...list.values()],
    ...options.fields,
  };
}

export function addressOf(text = '0.0.0.0'): number {
  const address = parseIpv4(text);
  if (address === undefined) throw new TypeError(`no IPv4 address: ${text}`);
  return address;
}

function addressOption(code: number, text: string): DhcpOption {
  return addressesOption(code, [addressOf(text)]);
}
