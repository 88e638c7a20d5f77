import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Lease } from '../../api/coordination/lease.ts';
import { acquired, microTime, released, renewed } from './lease-record.ts';

const claim = { namespace: 'capt-system', name: 'capt', identity: 'me', leaseDurationSeconds: 15 };
const nowMs = Date.UTC(2026, 0, 1, 0, 0, 7, 250);
const now = '2026-01-01T00:00:07.250000Z';
const before = '2025-12-31T23:00:00.000000Z';

const heldBy = (holderIdentity: string): Lease => ({
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: { namespace: 'capt-system', name: 'capt', resourceVersion: '5', labels: { keep: 'me' } },
  spec: { holderIdentity, leaseDurationSeconds: 30, acquireTime: before, renewTime: before, leaseTransitions: 4 },
});

describe('a lease record', () => {
  it('has times with six digits of a second', () => {
    assert.equal(microTime(nowMs), now);
    assert.equal(microTime(0), '1970-01-01T00:00:00.000000Z');
  });

  it('is created by its first holder', () => {
    assert.deepEqual(acquired(undefined, claim, nowMs), {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { namespace: 'capt-system', name: 'capt' },
      spec: { holderIdentity: 'me', leaseDurationSeconds: 15, acquireTime: now, renewTime: now, leaseTransitions: 0 },
    });
  });

  it('counts a transition when it changes hands, and keeps what others wrote', () => {
    const lease = acquired(heldBy('other'), claim, nowMs);
    assert.deepEqual(lease.metadata, heldBy('other').metadata);
    assert.deepEqual(lease.spec, {
      holderIdentity: 'me',
      leaseDurationSeconds: 15,
      acquireTime: now,
      renewTime: now,
      leaseTransitions: 5,
    });
  });

  it('counts no transition when it was ours', () => {
    const { acquireTime, leaseTransitions, renewTime } = acquired(heldBy('me'), claim, nowMs).spec ?? {};
    assert.deepEqual([acquireTime, leaseTransitions, renewTime], [before, 4, now]);
  });

  it('changes nothing but its renew time when renewed', () => {
    const lease = heldBy('me');
    assert.deepEqual(renewed(lease, nowMs), { ...lease, spec: { ...lease.spec, renewTime: now } });
  });

  it('has no holder when released, and keeps the count', () => {
    assert.deepEqual(released(heldBy('me'), nowMs).spec, {
      leaseDurationSeconds: 1,
      acquireTime: now,
      renewTime: now,
      leaseTransitions: 4,
    });
  });
});
