import { Lease } from '../../api/coordination/lease.ts';
import { apiVersionOf } from '../../api/meta/resource.ts';

/** Who takes a lease, and for how long. */
export interface LeaseClaim {
  namespace: string;
  name: string;
  identity: string;
  leaseDurationSeconds: number;
}

/** The lease as it reads once `claim` has taken it; fields of others stay. */
export function acquired(lease: Lease | undefined, claim: LeaseClaim, nowMs: number): Lease {
  const { namespace, name, identity, leaseDurationSeconds } = claim;
  const base = lease ?? { apiVersion: apiVersionOf(Lease), kind: Lease.kind, metadata: { namespace, name } };
  const { holderIdentity, acquireTime, leaseTransitions = 0 } = base.spec ?? {};
  const mine = holderIdentity === identity;
  return {
    ...base,
    spec: {
      ...base.spec,
      holderIdentity: identity,
      leaseDurationSeconds,
      acquireTime: mine && acquireTime ? acquireTime : microTime(nowMs),
      renewTime: microTime(nowMs),
      leaseTransitions: lease === undefined || mine ? leaseTransitions : leaseTransitions + 1,
    },
  };
}

export function renewed(lease: Lease, nowMs: number): Lease {
  return { ...lease, spec: { ...lease.spec, renewTime: microTime(nowMs) } };
}

/** The lease as it reads once its holder has let go: free for anybody at once. */
export function released(lease: Lease, nowMs: number): Lease {
  const { holderIdentity: _, ...rest } = lease.spec ?? {};
  const now = microTime(nowMs);
  // The short duration is for readers that look at times only.
  return { ...lease, spec: { ...rest, leaseDurationSeconds: 1, acquireTime: now, renewTime: now } };
}

/** `metav1.MicroTime`: RFC 3339 with exactly six digits of a second, or the server refuses it. */
export function microTime(ms: number): string {
  return new Date(ms).toISOString().replace(/(\.\d{3})Z$/, '$1000Z');
}
