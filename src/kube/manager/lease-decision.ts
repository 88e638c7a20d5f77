import type { Lease } from '../../api/coordination/lease.ts';

/** All that counts for what a candidate does next. */
export interface LeaseFacts {
  /** As just read; absent when there is none. */
  lease: Lease | undefined;
  identity: string;
  /** On our own monotonic clock, which all times here are of. */
  nowMs: number;
  /** When we first saw the lease as it is now. The times in it are of another machine's clock and mean nothing here. */
  observedMs: number;
  /** When the request of our last renewal was sent; absent when we do not lead. */
  renewedMs: number | undefined;
  /** For leases that do not say how long they last. */
  leaseDurationSeconds: number;
  renewDeadlineSeconds: number;
}

export type LeaseDecision =
  /** Write ourselves into it. */
  | { action: 'acquire'; reason: string }
  /** We hold it: write a new renew time. */
  | { action: 'renew'; reason: string }
  /** Somebody else holds it; it may be taken `remainingSeconds` from now if it does not change. */
  | { action: 'wait'; reason: string; remainingSeconds: number }
  /** We led and must not any more. */
  | { action: 'lost'; reason: string };

/** What to do about a lease. Same rules as client-go's leader election. */
export function decideLease(facts: LeaseFacts): LeaseDecision {
  return facts.renewedMs === undefined ? decideAsCandidate(facts) : decideAsLeader(facts, facts.renewedMs);
}

function decideAsLeader(facts: LeaseFacts, renewedMs: number): LeaseDecision {
  const sinceSeconds = (facts.nowMs - renewedMs) / 1000;
  if (sinceSeconds >= facts.renewDeadlineSeconds) {
    return { action: 'lost', reason: `it could not be renewed for ${Math.floor(sinceSeconds)} s` };
  }
  const holder = holderOf(facts.lease);
  if (holder === facts.identity) return { action: 'renew', reason: 'we hold it' };
  // Nobody has it, so nobody else leads; the server lets exactly one take it.
  if (facts.lease === undefined) return { action: 'acquire', reason: 'somebody deleted it' };
  if (holder === '') return { action: 'acquire', reason: 'somebody cleared its holder' };
  return { action: 'lost', reason: `${holder} took it` };
}

function decideAsCandidate(facts: LeaseFacts): LeaseDecision {
  if (facts.lease === undefined) return { action: 'acquire', reason: 'there is none yet' };
  const holder = holderOf(facts.lease);
  if (holder === '') return { action: 'acquire', reason: 'it is free' };
  // An acquisition whose answer got lost.
  if (holder === facts.identity) return { action: 'acquire', reason: 'it names us' };
  const durationSeconds = facts.lease.spec?.leaseDurationSeconds ?? facts.leaseDurationSeconds;
  const unchangedSeconds = (facts.nowMs - facts.observedMs) / 1000;
  if (unchangedSeconds >= durationSeconds) {
    return { action: 'acquire', reason: `${holder} did not renew it for ${Math.floor(unchangedSeconds)} s` };
  }
  const remainingSeconds = durationSeconds - unchangedSeconds;
  return { action: 'wait', reason: `${holder} holds it`, remainingSeconds };
}

function holderOf(lease: Lease | undefined): string {
  return lease?.spec?.holderIdentity ?? '';
}
