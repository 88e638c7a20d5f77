import { type Clock, systemClock } from '../../api/time/clock.ts';
import { keyOf } from '../../kube/client/path.ts';
import type { RuntimeLogger } from '../../kube/telemetry/logs.ts';
import { News, type NewsOptions } from './news.ts';
import { type DhcpExchange, subscribeExchanges } from './telemetry.ts';

export interface DhcpLogOptions extends NewsOptions {
  clock?: Clock;
}

/** What the owner of a machine should look at. */
const warnings: readonly DhcpExchange['reason'][] = ['ambiguous-machine', 'unusable-data', 'declined', 'failed'];

/**
 * Writes what became of DHCP packets: each answer once a message of a machine, and each reason for silence when it is new
 * for the client. What is no news is written at level debug, and how much was held back in the next line.
 * @returns the way to stop
 */
export function logDhcp(logger: RuntimeLogger, options: DhcpLogOptions = {}): () => void {
  const clock = options.clock ?? systemClock;
  const silences = new News(clock, options);
  // Each answer is news, as long as there are not too many.
  const answers = new News(clock, { perSecond: 500, burst: 5000, ...options, repeatSeconds: 0 });
  return subscribeExchanges((exchange) => {
    const { mac, type, from, reason, outcome } = exchange;
    const answered = outcome === 'answered';
    // Who sends no readable packets has no name to be told by.
    const news = (answered ? answers : silences).tell(`${mac ?? from} ${type}`, reason);
    const message = answered ? 'DHCP answered' : 'DHCP not answered';
    if (news === undefined) return logger.debug(fieldsOf(exchange), message);
    const line = news.held === 0 ? fieldsOf(exchange) : { ...fieldsOf(exchange), heldBack: news.held };
    if (warnings.includes(reason)) return logger.warn(line, message);
    return logger.info(line, message);
  });
}

function fieldsOf({ mac, type, from, reason, detail, hardware, reply, to, file }: DhcpExchange): object {
  return {
    mac,
    type,
    from,
    reason,
    ...(detail === undefined ? {} : { detail }),
    ...(hardware === undefined ? {} : { hardware: keyOf(hardware.metadata) }),
    ...(reply === undefined ? {} : { reply, to }),
    ...(file === undefined ? {} : { file }),
  };
}
