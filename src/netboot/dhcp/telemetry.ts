import { channel } from 'node:diagnostics_channel';
import type { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import type { AnswerReason, SilenceReason } from './decide/decision.ts';

/** What became of one packet. */
export interface DhcpExchange {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Name of the message type, `type N` for one without a name; empty when there was none to read. */
  readonly type: string;
  /** Of the client; `undefined` when the packet told none. */
  readonly mac: string | undefined;
  /** Where the packet came from. */
  readonly from: string;
  readonly outcome: 'answered' | 'silent';
  readonly reason: AnswerReason | SilenceReason;
  /** What a person should know besides the reason. */
  readonly detail?: string;
  /** Whose interface it is. */
  readonly hardware?: Hardware;
  /** With `ambiguous-machine`: all who claim the address. */
  readonly claimants?: readonly Hardware[];
  /** Type of the reply. */
  readonly reply?: string;
  /** What the client was told to boot. */
  readonly file?: string;
  /** Where the reply went. */
  readonly to?: string;
}

/** Name of the diagnostics channel on which every `DhcpExchange` is published. */
export const dhcpExchangeChannel = 'capt.netboot.dhcp.exchange';

const exchanges = channel(dhcpExchangeChannel);

export function publishExchange(exchange: DhcpExchange): void {
  if (exchanges.hasSubscribers) exchanges.publish(exchange);
}

/** @returns the way to stop listening */
export function subscribeExchanges(listener: (exchange: DhcpExchange) => void): () => void {
  const onMessage = (message: unknown) => listener(message as DhcpExchange);
  exchanges.subscribe(onMessage);
  return () => exchanges.unsubscribe(onMessage);
}
