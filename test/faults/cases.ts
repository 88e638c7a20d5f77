import type { Fault, FaultContext } from './fault.ts';

export interface FaultCase {
  name: string;
  fault: Fault;
  /** Which requests it strikes, until it has struck `times` times. */
  hits: (request: FaultContext) => boolean;
  times: number;
}

/** The faults a controller runtime has to survive, one at a time. */
export const faultCases: FaultCase[] = [
  { name: 'reset of watches', fault: { kind: 'reset', afterBytes: 700 }, hits: isWatch, times: 4 },
  { name: 'half-open watches', fault: { kind: 'half-open', afterBytes: 700 }, hits: isWatch, times: 2 },
  { name: 'reset of lists', fault: { kind: 'reset', afterBytes: 900 }, hits: isList, times: 3 },
  { name: 'connections refused', fault: { kind: 'refuse' }, hits: () => true, times: 20 },
  {
    name: '429 on everything',
    fault: { kind: 'status', code: 429, retryAfterSeconds: 0.1 },
    hits: () => true,
    times: 20,
  },
  { name: '500 on everything', fault: { kind: 'status', code: 500 }, hits: () => true, times: 20 },
  { name: '410 as a status', fault: { kind: 'status', code: 410 }, hits: isWatch, times: 4 },
  { name: '410 as an event', fault: { kind: 'expired-event', afterBytes: 500 }, hits: isWatch, times: 4 },
  { name: 'a JSON line cut short', fault: { kind: 'truncate', afterBytes: 650 }, hits: isWatch, times: 4 },
  { name: 'a JSON line garbled', fault: { kind: 'garble', afterBytes: 650 }, hits: isWatch, times: 4 },
  { name: 'a list cut short', fault: { kind: 'truncate', afterBytes: 900 }, hits: isList, times: 3 },
  { name: 'a stall of 5 s', fault: { kind: 'stall', seconds: 5 }, hits: isWatch, times: 2 },
  { name: 'a slow first list', fault: { kind: 'slow', bytesPerSecond: 8_000 }, hits: isList, times: 2 },
];

function isWatch(request: FaultContext): boolean {
  return request.isWatch;
}

function isList({ method, path }: FaultContext): boolean {
  return method === 'GET' && path.includes('limit=');
}
