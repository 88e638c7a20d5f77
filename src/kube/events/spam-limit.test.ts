import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { FakeClock } from '../../api/time/fake-clock.ts';
import { SpamLimit } from './spam-limit.ts';

describe('SpamLimit', () => {
  it('gives each object a burst, then one token at a time', async () => {
    const clock = new FakeClock();
    const limit = new SpamLimit(clock, { burst: 2, refillSeconds: 10 });
    const take = () => limit.take('a');
    assert.deepEqual([take(), take(), take()], [true, true, false]);
    assert.ok(limit.take('b'));
    await clock.advance(9_000);
    assert.ok(!take());
    await clock.advance(1_000);
    assert.deepEqual([take(), take()], [true, false]);
    await clock.advance(3_600_000);
    assert.deepEqual([take(), take(), take()], [true, true, false]);
  });

  it('forgets the objects that were quiet for longest', () => {
    const limit = new SpamLimit(new FakeClock(), { burst: 1 });
    assert.ok(limit.take('first'));
    for (let index = 0; index < 4096; index++) limit.take(`other-${index}`);
    assert.ok(limit.take('first'));
    assert.ok(!limit.take('other-4095'));
  });
});
