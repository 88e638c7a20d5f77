import { keyOf } from '../../kube/client/path.ts';
import { type Clock, systemClock } from '../../kube/clock.ts';
import type { RuntimeLogger } from '../../kube/telemetry/logs.ts';
import { Repetition } from '../../kube/telemetry/repetition.ts';
import { type DhcpExchange, subscribeExchanges } from './telemetry.ts';

export interface DhcpLogOptions {
  /** The same about the same client is told again after so long, with a count. Default 600. */
  repeatSeconds?: number;
  clock?: Clock;
}

/** What the owner of a machine should look at. */
const warnings: readonly DhcpExchange['reason'][] = ['ambiguous-machine', 'unusable-data', 'declined', 'failed'];

/**
 * Writes what became of DHCP packets: each answer, and each reason for silence when it is new for the client.
 * @returns the way to stop
 */
export function logDhcp(logger: RuntimeLogger, options: DhcpLogOptions = {}): () => void {
  const repetition = new Repetition(options.clock ?? systemClock, options.repeatSeconds ?? 600);
  return subscribeExchanges((exchange) => {
    const { mac, type, from, reason, detail, hardware, reply, file, to, outcome } = exchange;
    const fields = {
      mac,
      type,
      from,
      reason,
      ...(detail === undefined ? {} : { detail }),
      ...(hardware === undefined ? {} : { hardware: keyOf(hardware.metadata) }),
      ...(reply === undefined ? {} : { reply, to }),
      ...(file === undefined ? {} : { file }),
    };
    if (outcome === 'answered') return logger.info(fields, 'DHCP answered');
    // Who sends no readable packets has no name to be told by.
    const held = repetition.tell(`${mac ?? from} ${type}`, reason);
    if (held === undefined) return logger.debug(fields, 'DHCP not answered');
    const line = held === 0 ? fields : { ...fields, repeated: held };
    if (warnings.includes(reason)) return logger.warn(line, 'DHCP not answered');
    return logger.info(line, 'DHCP not answered');
  });
}
