import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Condition } from '../../api/meta/condition.ts';
import {
  type ConditionUpdate,
  getCondition,
  isFalse,
  isTrue,
  isUnknown,
  removeCondition,
  setCondition,
} from './conditions.ts';

const start = Date.UTC(2026, 0, 1, 12, 0, 0, 987);
const startText = '2026-01-01T12:00:00Z';
const update: ConditionUpdate = { type: 'Ready', status: 'False', reason: 'Waiting', message: 'for power' };

describe('setCondition', () => {
  it('adds a condition with the time in whole seconds', () => {
    assert.deepEqual(setCondition(undefined, { ...update, observedGeneration: 3 }, start), [
      { ...update, observedGeneration: 3, lastTransitionTime: startText },
    ]);
  });

  it('gives back the very same list when nothing changed', () => {
    const conditions = setCondition([], update, start);
    assert.equal(setCondition(conditions, { ...update }, start + 60_000), conditions);
  });

  const changes: [string, Partial<ConditionUpdate>][] = [
    ['reason', { reason: 'Failed' }],
    ['message', { message: 'for an address' }],
    ['observedGeneration', { observedGeneration: 4 }],
  ];
  for (const [field, change] of changes) {
    it(`keeps the time of the transition when only the ${field} changes`, () => {
      const before = setCondition([], update, start);
      const after = setCondition(before, { ...update, ...change }, start + 60_000);
      assert.notEqual(after, before);
      assert.deepEqual(after, [{ ...update, ...change, lastTransitionTime: startText }]);
      assert.equal(before[0]?.message, 'for power', 'the old list stays as it was');
    });
  }

  it('moves the time when the status changes', () => {
    const after = setCondition(setCondition([], update, start), { ...update, status: 'True' }, start + 60_000);
    assert.equal(after[0]?.lastTransitionTime, '2026-01-01T12:01:00Z');
  });

  it('keeps the order of Cluster API whatever comes first', () => {
    const types = ['Paused', 'Powered', 'Deleting', 'Ready', 'Available', 'example.org/Done', 'Claimed'];
    let conditions: Condition[] = [];
    for (const type of types) conditions = setCondition(conditions, { ...update, type }, start);
    assert.deepEqual(
      conditions.map(({ type }) => type),
      ['Available', 'Ready', 'Claimed', 'Powered', 'example.org/Done', 'Paused', 'Deleting'],
    );
  });

  it('cuts a message that is too long, never through a character', () => {
    const [condition] = setCondition([], { ...update, message: `x${'😀'.repeat(20_000)}` }, start);
    const message = condition?.message ?? '';
    assert.ok(message.length <= 32_768 && message.length > 32_760 && message.endsWith('…'));
    assert.ok(message.isWellFormed());
    assert.equal(setCondition([], { ...update, message: 'y'.repeat(32_768) }, start)[0]?.message.length, 32_768);
  });

  for (const reason of ['', 'two words', 'trailing:', '1st', 'x'.repeat(1025)]) {
    it(`refuses the reason ${JSON.stringify(reason.slice(0, 20))}`, () => {
      assert.throws(() => setCondition([], { ...update, reason }, start), /cannot be a reason/);
    });
  }
  for (const type of ['', 'two words', '/Ready', 'UPPER.org/Ready', 'x'.repeat(317)]) {
    it(`refuses the type ${JSON.stringify(type.slice(0, 20))}`, () => {
      assert.throws(() => setCondition([], { ...update, type }, start), /cannot be a condition type/);
    });
  }
});

describe('reading conditions', () => {
  const conditions = setCondition([], { ...update, status: 'True' }, start);

  it('takes what nobody reported for unknown', () => {
    assert.ok(isUnknown(conditions, 'Powered') && isUnknown(undefined, 'Ready'));
    assert.ok(!isTrue(conditions, 'Powered') && !isFalse(conditions, 'Powered'));
  });

  it('finds by type', () => {
    assert.ok(isTrue(conditions, 'Ready') && !isFalse(conditions, 'Ready') && !isUnknown(conditions, 'Ready'));
    assert.equal(getCondition(conditions, 'Ready')?.reason, 'Waiting');
    assert.equal(getCondition(undefined, 'Ready'), undefined);
  });

  it('removes, and gives back the very same list when there is nothing to remove', () => {
    assert.deepEqual(removeCondition(conditions, 'Ready'), []);
    assert.equal(removeCondition(conditions, 'Powered'), conditions);
  });
});
