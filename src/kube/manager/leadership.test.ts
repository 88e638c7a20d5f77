import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Clock } from '../../api/time/clock.ts';
import { instantOf } from './instant.ts';
import { Leadership } from './leadership.ts';

/** Both clocks by hand, each on its own. */
class TwoClocks implements Clock {
  wallMs = 1_000_000;
  monotonicMs = 50;

  now(): number {
    return this.wallMs;
  }

  monotonic(): number {
    return this.monotonicMs;
  }

  after(): () => void {
    throw new Error('leadership sets no timer');
  }
}

const cases = [
  { name: 'just now', wallMs: 0, monotonicMs: 0, leading: true },
  { name: 'a moment before the end', wallMs: 9_999, monotonicMs: 9_999, leading: true },
  { name: 'at the end', wallMs: 10_000, monotonicMs: 10_000, leading: false },
  { name: 'the process was stopped for a minute', wallMs: 60_000, monotonicMs: 60_000, leading: false },
  {
    name: 'the machine was suspended: its monotonic clock stood still',
    wallMs: 60_000,
    monotonicMs: 5,
    leading: false,
  },
  { name: 'the wall clock was set back', wallMs: -3_600_000, monotonicMs: 10_000, leading: false },
  { name: 'the wall clock was set back, in time', wallMs: -3_600_000, monotonicMs: 9_000, leading: true },
];

describe('Leadership', () => {
  function leadership(): { clock: TwoClocks; leadership: Leadership } {
    const clock = new TwoClocks();
    return { clock, leadership: new Leadership({ lease: 'capt-system/capt', validSeconds: 10, clock }) };
  }

  for (const { name, wallMs, monotonicMs, leading } of cases) {
    it(`renewed ${name}: ${leading ? 'may act' : 'must not act'}`, () => {
      const { clock, leadership: ours } = leadership();
      ours.renewed(instantOf(clock));
      clock.wallMs += wallMs;
      clock.monotonicMs += monotonicMs;
      assert.equal(ours.leading, leading);
      if (leading) ours.assert();
      else
        assert.throws(ours.assert, {
          code: 'NOT_LEADING',
          message: /last renewed \d+ s ago \(lease capt-system\/capt\)/,
        });
    });
  }

  it('must not act before it is elected, nor after it ended, whatever answers come late', () => {
    const { clock, leadership: ours } = leadership();
    assert.throws(ours.assert, { code: 'NOT_LEADING', message: /not elected yet/ });
    ours.renewed(instantOf(clock));
    ours.ended('other took it');
    ours.renewed(instantOf(clock));
    assert.throws(ours.assert, { code: 'NOT_LEADING', message: /other took it/ });
  });

  it('acts again once it is renewed', () => {
    const { clock, leadership: ours } = leadership();
    ours.renewed(instantOf(clock));
    clock.wallMs += 3_600_000;
    assert.equal(ours.leading, false);
    ours.renewed(instantOf(clock));
    ours.assert();
  });
});
