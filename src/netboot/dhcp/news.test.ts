import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'mocha';
import { FakeClock } from '../../api/time/fake-clock.ts';
import { News } from './news.ts';

describe('News', () => {
  let clock: FakeClock;
  beforeEach(() => {
    clock = new FakeClock();
  });

  it('tells the same once in a while, and at once what is different', async () => {
    const news = new News(clock, { repeatSeconds: 10 });
    const told = () => news.tell('a', 'x') !== undefined;
    assert.deepEqual([told(), told()], [true, false]);
    assert.ok(news.tell('a', 'y'));
    assert.ok(news.tell('b', 'x'));
    await clock.advance(10_000);
    assert.ok(news.tell('a', 'y'));
  });

  it('tells so much a second and says how much it held back', async () => {
    const news = new News(clock, { perSecond: 10, burst: 5 });
    const count = (subjects: number) =>
      Array.from({ length: subjects }, (_, i) => news.tell(`${clock.now()} ${i}`, 'x')).filter(Boolean).length;
    assert.equal(count(100), 5);
    await clock.advance(300);
    assert.deepEqual(news.tell('later', 'x'), { held: 95 });
    assert.equal(count(100), 2);
  });

  it('remembers no more subjects than it should', () => {
    const news = new News(clock, { maxSubjects: 2, burst: 100 });
    for (const subject of ['a', 'b', 'c']) news.tell(subject, 'x');
    assert.equal(news.tell('c', 'x'), undefined);
    assert.ok(news.tell('a', 'x'), 'a was forgotten');
  });
});
