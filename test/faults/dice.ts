import type { Fault, FaultContext, FaultPlan } from './fault.ts';
import type { Random } from './random.ts';

/** Rolls a fault for about every third request. */
export function faultDice(random: Random): FaultPlan {
  return (request) => (random.chance(0.3) ? random.pick(candidates(request, random)) : undefined);
}

function candidates({ method, isWatch }: FaultContext, random: Random): Fault[] {
  const afterBytes = random.below(isWatch ? 4000 : method === 'GET' ? 12_000 : 600);
  const any: Fault[] = [
    { kind: 'refuse' },
    { kind: 'status', code: 429, retryAfterSeconds: 0.1 },
    { kind: 'status', code: 500 },
    { kind: 'status', code: 503 },
    { kind: 'reset', afterBytes },
    { kind: 'half-open', afterBytes },
    { kind: 'truncate', afterBytes },
    { kind: 'stall', seconds: random.next() },
  ];
  if (method !== 'GET') return any;
  if (!isWatch) return [...any, { kind: 'slow', bytesPerSecond: 20_000 }];
  return [
    ...any,
    { kind: 'slow', bytesPerSecond: 20_000 },
    { kind: 'garble', afterBytes },
    { kind: 'expired-event', afterBytes },
    { kind: 'status', code: 410 },
  ];
}
