import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Lease } from '../../api/coordination/lease.ts';
import { decideLease, type LeaseFacts } from './lease-decision.ts';

const held = (holderIdentity?: string, rest: Lease['spec'] = {}): Lease => ({
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: { namespace: 'capt-system', name: 'capt' },
  spec: { ...(holderIdentity === undefined ? {} : { holderIdentity }), leaseDurationSeconds: 15, ...rest },
});

const base: LeaseFacts = {
  lease: undefined,
  identity: 'me',
  nowMs: 100_000,
  observedMs: 100_000,
  renewedMs: undefined,
  leaseDurationSeconds: 15,
  renewDeadlineSeconds: 10,
};

const { leaseDurationSeconds: _, ...withoutDuration } = held('other').spec ?? {};

const cases: { name: string; facts: Partial<LeaseFacts>; action: string; reason: RegExp }[] = [
  { name: 'candidate, no lease', facts: {}, action: 'acquire', reason: /none yet/ },
  { name: 'candidate, no spec', facts: { lease: { ...held(), spec: {} } }, action: 'acquire', reason: /free/ },
  { name: 'candidate, released by clearing', facts: { lease: held('') }, action: 'acquire', reason: /free/ },
  { name: 'candidate, released by removing', facts: { lease: held() }, action: 'acquire', reason: /free/ },
  { name: 'candidate, it names us', facts: { lease: held('me') }, action: 'acquire', reason: /names us/ },
  { name: 'candidate, held and just seen', facts: { lease: held('other') }, action: 'wait', reason: /other holds it/ },
  {
    name: 'candidate, held and unchanged almost long enough',
    facts: { lease: held('other'), observedMs: 100_000 - 14_999 },
    action: 'wait',
    reason: /other holds it/,
  },
  {
    name: 'candidate, held and unchanged for its duration',
    facts: { lease: held('other'), observedMs: 100_000 - 15_000 },
    action: 'acquire',
    reason: /other did not renew it for 15 s/,
  },
  {
    name: "candidate, the holder's clock is hours behind but it renews",
    facts: { lease: held('other', { renewTime: '2001-01-01T00:00:00.000000Z' }) },
    action: 'wait',
    reason: /other holds it/,
  },
  {
    name: "candidate, the holder's clock is hours ahead but it stopped renewing",
    facts: { lease: held('other', { renewTime: '2999-01-01T00:00:00.000000Z' }), observedMs: 80_000 },
    action: 'acquire',
    reason: /did not renew/,
  },
  {
    name: 'candidate, the lease says how long it lasts, not our options',
    facts: { lease: held('other', { leaseDurationSeconds: 60 }), observedMs: 100_000 - 20_000 },
    action: 'wait',
    reason: /other holds it/,
  },
  {
    name: 'candidate, the lease does not say how long it lasts',
    facts: { lease: { ...held('other'), spec: withoutDuration }, observedMs: 100_000 - 15_000 },
    action: 'acquire',
    reason: /did not renew/,
  },
  { name: 'leader, ours', facts: { lease: held('me'), renewedMs: 98_000 }, action: 'renew', reason: /we hold it/ },
  {
    name: 'leader, ours and renewed at the last moment',
    facts: { lease: held('me'), renewedMs: 100_000 - 9_999 },
    action: 'renew',
    reason: /we hold it/,
  },
  {
    name: 'leader, ours but too late',
    facts: { lease: held('me'), renewedMs: 100_000 - 10_000 },
    action: 'lost',
    reason: /not be renewed for 10 s/,
  },
  {
    name: 'leader, taken',
    facts: { lease: held('other'), renewedMs: 99_000 },
    action: 'lost',
    reason: /other took it/,
  },
  { name: 'leader, deleted', facts: { renewedMs: 99_000 }, action: 'acquire', reason: /deleted/ },
  { name: 'leader, cleared', facts: { lease: held(''), renewedMs: 99_000 }, action: 'acquire', reason: /cleared/ },
  { name: 'leader, deleted and too late', facts: { renewedMs: 0 }, action: 'lost', reason: /not be renewed for 100 s/ },
];

describe('decideLease', () => {
  for (const { name, facts, action, reason } of cases) {
    it(`${name} → ${action}`, () => {
      const decision = decideLease({ ...base, ...facts });
      assert.equal(decision.action, action);
      assert.match(decision.reason, reason);
    });
  }

  it('says how long to wait', () => {
    const decision = decideLease({ ...base, lease: held('other'), observedMs: 100_000 - 5000 });
    assert.deepEqual(decision, { action: 'wait', reason: 'other holds it', remainingSeconds: 10 });
  });
});
