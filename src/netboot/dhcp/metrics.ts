import { Counter, type Registry } from '@prometheus-io/client';
import { subscribeExchanges } from './telemetry.ts';

/**
 * Counts DHCP packets: `dhcp_total` as the original names it, and why they were answered or not.
 * @returns the way to stop
 */
export function measureDhcp(registry: Registry): () => void {
  const registers = [registry];
  const packets = new Counter({
    name: 'dhcp_total',
    help: 'DHCP packets per direction (recv, send) and message type.',
    labelNames: ['op', 'type'],
    registers,
  });
  const exchanges = new Counter({
    name: 'capt_dhcp_exchanges_total',
    help: 'DHCP packets received, per outcome (answered, silent) and reason.',
    labelNames: ['outcome', 'reason'],
    registers,
  });
  return subscribeExchanges(({ type, reply, outcome, reason }) => {
    packets.inc({ op: 'recv', type: typeLabel(type) });
    if (reply !== undefined) packets.inc({ op: 'send', type: reply });
    exchanges.inc({ outcome, reason });
  });
}

/** Strangers choose the number of a type without a name: those share a series. */
function typeLabel(type: string): string {
  return type === '' || type.startsWith('type ') ? 'other' : type;
}
