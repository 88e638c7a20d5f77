import { type Clock, systemClock } from '../../api/time/clock.ts';
import { runtimeWarning } from '../../kube/telemetry/channels.ts';
import type { HardwareIndex } from '../hardware/hardware-index.ts';
import { formatIpv4 } from './codec/ipv4.ts';
import { findOption, optionCode } from './codec/option.ts';
import { type DhcpPacket, decodePacket, encodePacket } from './codec/packet.ts';
import { decide, messageName } from './decide/decide.ts';
import type { Decision, Destination, Origin } from './decide/decision.ts';
import type { DecideOptions } from './decide/options.ts';
import { DhcpJournal } from './journal.ts';
import { type DhcpExchange, publishExchange } from './telemetry.ts';

export interface ResponderOptions extends DecideOptions {
  readonly index: Pick<HardwareIndex, 'byMac'>;
  /** Told of every packet. */
  readonly onExchange?: (exchange: DhcpExchange) => void;
  /** How many exchanges are remembered. Default 1,000. */
  readonly journalSize?: number;
  readonly clock?: Clock;
}

/** Bytes to send. */
export interface Datagram {
  readonly bytes: Buffer;
  readonly to: Destination;
}

/** From the bytes of a packet to the bytes of its answer; never throws. */
export class DhcpResponder {
  readonly journal: DhcpJournal;
  readonly #options: ResponderOptions;
  readonly #clock: Clock;
  readonly #find: (mac: string) => ReturnType<HardwareIndex['byMac']>;

  constructor(options: ResponderOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#find = (mac) => options.index.byMac(mac);
    this.journal = new DhcpJournal(options.journalSize);
  }

  /** The answer to a datagram; `undefined` when there is none, and the journal says why. */
  respond(bytes: Buffer, origin: Origin): Datagram | undefined {
    const decoded = decodePacket(bytes);
    if ('problem' in decoded) {
      this.#tell(undefined, origin, {
        outcome: 'silent',
        reason: 'malformed',
        mac: undefined,
        detail: decoded.problem,
      });
      return undefined;
    }
    const { packet } = decoded;
    try {
      const decision = decide(packet, origin, this.#find, this.#options);
      const datagram =
        decision.outcome === 'answered' ? { bytes: encodePacket(decision.reply), to: decision.destination } : undefined;
      this.#tell(packet, origin, decision);
      return datagram;
    } catch (error) {
      runtimeWarning.publish({ what: 'answering DHCP', error });
      this.#tell(packet, origin, { outcome: 'silent', reason: 'failed', mac: undefined });
      return undefined;
    }
  }

  #tell(packet: DhcpPacket | undefined, origin: Origin, decision: Decision): void {
    const exchange = exchangeOf(this.#clock.now(), packet, origin, decision);
    this.journal.add(exchange);
    publishExchange(exchange);
    this.#options.onExchange?.(exchange);
  }
}

function exchangeOf(at: number, packet: DhcpPacket | undefined, origin: Origin, decision: Decision): DhcpExchange {
  const { outcome, reason, mac, detail, hardware } = decision;
  const answer =
    decision.outcome === 'answered'
      ? {
          reply: typeOf(decision.reply),
          to: `${formatIpv4(decision.destination.address)}:${decision.destination.port}`,
          ...(decision.boot === undefined ? {} : { file: decision.boot.file }),
        }
      : decision.claimants && { claimants: decision.claimants };
  return {
    at,
    type: packet === undefined ? '' : typeOf(packet),
    mac,
    from: `${formatIpv4(origin.address)}:${origin.port}`,
    outcome,
    reason,
    ...(detail === undefined ? {} : { detail }),
    ...(hardware === undefined ? {} : { hardware }),
    ...answer,
  };
}

function typeOf({ options }: DhcpPacket): string {
  const type = findOption(options, optionCode.messageType)?.[0];
  return type === undefined ? '' : messageName(type);
}
