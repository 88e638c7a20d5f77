import type { Hardware } from '../../../api/tinkerbell/v1alpha1/hardware.ts';
import type { Ipv4 } from '../codec/ipv4.ts';
import type { DhcpPacket } from '../codec/packet.ts';
import type { BootFile } from './boot-file.ts';

/** Where a packet came from. */
export interface Origin {
  readonly address: Ipv4;
  readonly port: number;
  /** Port of ours it came to is that of PXE boot servers, 4011. */
  readonly bootServer: boolean;
}

/** Where a reply goes. */
export interface Destination {
  readonly address: Ipv4;
  readonly port: number;
}

/** Why a packet got its answer. */
export type AnswerReason =
  /** OFFER of the reserved address. */
  | 'offered'
  /** ACK of the reserved address. */
  | 'acknowledged'
  /** NAK: the client asked for an address that is not its own. */
  | 'wrong-address'
  /** ACK with options only. */
  | 'informed'
  /** OFFER with a boot file only. */
  | 'proxy-offered'
  /** ACK with a boot file only. */
  | 'proxy-acknowledged';

/** Why a packet got no answer. */
export type SilenceReason =
  /** Not DHCP, or broken. */
  | 'malformed'
  /** A reply that another server or relay sent. */
  | 'not-a-request'
  | 'not-ethernet'
  /** BOOTP: option 53 is missing. */
  | 'no-message-type'
  /** A message that servers do not answer. */
  | 'unsupported-message'
  /** The client chose another server. */
  | 'other-server'
  | 'unknown-machine'
  /** Several Hardware have the MAC address. */
  | 'ambiguous-machine'
  /** `disableDhcp` is set. */
  | 'dhcp-disabled'
  /** The Hardware has no address for the interface. */
  | 'no-address'
  /** The Hardware has data for the interface that cannot be told over DHCP. */
  | 'unusable-data'
  /** Proxy mode: the client does not boot over the network, or asks for what is the other server's to answer. */
  | 'not-netboot'
  /** Proxy mode with network boot switched off. */
  | 'netboot-off'
  /** Recorded: the client found that somebody else uses its address. */
  | 'declined'
  /** Recorded: the client gave its address back. */
  | 'released'
  /** Deciding failed; a bug or a broken cache. */
  | 'failed';

interface About {
  /** Of the client, in canonical form; `undefined` when the packet has none. */
  readonly mac: string | undefined;
  /** Whose interface it is. */
  readonly hardware?: Hardware;
  /** What a person should know besides the reason. */
  readonly detail?: string;
}

export interface Answer extends About {
  readonly outcome: 'answered';
  readonly reason: AnswerReason;
  readonly reply: DhcpPacket;
  readonly destination: Destination;
  /** What a netboot client was told to boot. */
  readonly boot?: BootFile;
}

export interface Silence extends About {
  readonly outcome: 'silent';
  readonly reason: SilenceReason;
  /** With `ambiguous-machine`: all who claim the address. */
  readonly claimants?: readonly Hardware[];
}

/** What becomes of one packet. */
export type Decision = Answer | Silence;
