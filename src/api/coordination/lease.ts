import type { KubeObject } from '../meta/object.ts';
import type { Resource } from '../meta/resource.ts';

/** A lock with an expiry, the base of leader election (`coordination.k8s.io/v1`). */
export interface Lease extends KubeObject {
  spec?: {
    /** Who holds it; empty or absent when free. */
    holderIdentity?: string;
    leaseDurationSeconds?: number;
    /** RFC 3339 with microseconds. */
    acquireTime?: string | null;
    /** RFC 3339 with microseconds. */
    renewTime?: string | null;
    /** How often it changed hands. */
    leaseTransitions?: number;
  };
}

export const Lease: Resource<Lease> = {
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  namespaced: true,
};
