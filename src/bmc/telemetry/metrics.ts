import { Counter, Histogram, type Registry } from '@prometheus-io/client';
import { onCall, onTrouble } from './channels.ts';

const callBuckets = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/**
 * Counts calls to BMCs, their outcomes and times, and the rounds that led nowhere. BMCs are no labels: there may be thousands.
 * @returns the way to stop
 */
export function measureBmc(registry: Registry): () => void {
  const registers = [registry];
  const calls = new Counter({
    name: 'capt_bmc_calls_total',
    help: 'Calls to BMCs per provider, call and outcome.',
    labelNames: ['provider', 'call', 'outcome'],
    registers,
  });
  const times = new Histogram({
    name: 'capt_bmc_call_seconds',
    help: 'Duration of calls to BMCs.',
    labelNames: ['provider', 'call'],
    buckets: callBuckets,
    registers,
  });
  const troubles = new Counter({
    name: 'capt_bmc_unanswered_total',
    help: 'How often no way to a BMC led to an answer, per kind of the decisive failure.',
    labelNames: ['kind'],
    registers,
  });
  const stops = [
    onCall(({ provider, call, outcome, seconds }) => {
      calls.inc({ provider, call, outcome });
      times.observe({ provider, call }, seconds);
    }),
    onTrouble(({ kind }) => troubles.inc({ kind })),
  ];
  return () => {
    for (const stop of stops.splice(0)) stop();
  };
}
