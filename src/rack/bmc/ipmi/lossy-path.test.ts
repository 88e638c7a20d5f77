import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { FakeClock } from '../../../api/time/fake-clock.ts';
import { Dice } from '../dice.ts';
import { LossyPath, noUdpFaults, rollUdpFaults } from './lossy-path.ts';

async function arrivals(faults: Partial<typeof noUdpFaults>, count: number, seed = 1): Promise<number[]> {
  const clock = new FakeClock();
  const path = new LossyPath(clock, { ...noUdpFaults, ...faults }, new Dice(seed));
  const arrived: number[] = [];
  for (let i = 0; i < count; i++) path.send(() => arrived.push(i));
  await clock.advance(1000);
  assert.equal(clock.pending, 0);
  return arrived;
}

describe('a lossy path', () => {
  it('delivers everything in order when nothing is wrong', async () => {
    assert.deepEqual(await arrivals({}, 5), [0, 1, 2, 3, 4]);
  });

  it('loses, doubles and reorders', async () => {
    assert.deepEqual(await arrivals({ lostChance: 1 }, 3), []);
    assert.deepEqual(await arrivals({ doubledChance: 1 }, 3), [0, 0, 1, 1, 2, 2]);
    assert.deepEqual(await arrivals({ overtakenChance: 1 }, 5), [1, 0, 3, 2, 4]);
  });

  it('does the same again with the same seed, and something else with another', async () => {
    const faults = rollUdpFaults(new Dice(3));
    const runs = await Promise.all([1, 1, 2].map((seed) => arrivals({ ...faults, lostChance: 0.3 }, 100, seed)));
    assert.deepEqual(runs[0], runs[1]);
    assert.notDeepEqual(runs[0], runs[2]);
  });

  it('forgets what is on its way when it is disposed of', async () => {
    const clock = new FakeClock();
    const path = new LossyPath(clock, { ...noUdpFaults, overtakenChance: 1 }, new Dice(1));
    path.send(() => assert.fail('delivered'));
    path[Symbol.dispose]();
    await clock.advance(1000);
    assert.equal(clock.pending, 0);
  });
});
