import assert from 'node:assert/strict';
import fc from 'fast-check';
import { beforeEach, describe, it } from 'mocha';
import { FakeClock } from '../../api/time/fake-clock.ts';
import { DelayHeap } from './delay-heap.ts';
import { WorkQueue } from './work-queue.ts';

describe('WorkQueue', () => {
  let clock: FakeClock;
  let queue: WorkQueue;

  beforeEach(() => {
    clock = new FakeClock();
    queue = new WorkQueue({ clock, rateLimit: { baseSeconds: 1, maxSeconds: 8, retriesPerSecond: 10, burst: 3 } });
  });

  it('holds a key once, in the order of arrival', async () => {
    for (const key of ['a', 'b', 'a', 'c']) queue.add(key);
    assert.deepEqual([await queue.take(), await queue.take(), await queue.take()], ['a', 'b', 'c']);
    assert.equal(queue.depth, 0);
  });

  it('never gives one key to two workers; it comes again when the first is done', async () => {
    queue.add('a');
    assert.equal(await queue.take(), 'a');
    queue.add('a');
    queue.add('a');
    assert.equal(queue.depth, 0);
    queue.done('a');
    assert.equal(await queue.take(), 'a');
    queue.done('a');
    assert.equal(queue.depth, 0);
  });

  it('wakes a waiting worker', async () => {
    const waiting = queue.take();
    queue.add('a');
    assert.equal(await waiting, 'a');
  });

  it('runs low-priority keys last, and promotes them when something happens to them', async () => {
    queue.add('old-1', 'low');
    queue.add('old-2', 'low');
    queue.add('new');
    queue.add('old-2');
    queue.add('old-2', 'low');
    assert.deepEqual([await queue.take(), await queue.take(), await queue.take()], ['new', 'old-2', 'old-1']);
  });

  it('keeps the higher priority of a key added again while a worker has it', async () => {
    queue.add('a');
    await queue.take();
    queue.add('a');
    queue.add('a', 'low');
    queue.add('b', 'low');
    queue.done('a');
    assert.equal(await queue.take(), 'a');
  });

  it('adds a delayed key when its time comes, the earliest time asked for', async () => {
    queue.addAfter('a', 10);
    queue.addAfter('a', 5);
    queue.addAfter('a', 20);
    await clock.advance(4_900);
    assert.equal(queue.depth, 0);
    await clock.advance(200);
    assert.equal(queue.depth, 1);
    assert.equal(queue.delayed, 0);
  });

  it('drops the delay of a key that comes earlier otherwise', async () => {
    queue.addAfter('a', 10);
    queue.add('a');
    await queue.take();
    queue.done('a');
    await clock.advance(20_000);
    assert.equal(queue.depth, 0);
  });

  it('doubles the wait of a failing key up to the limit, and starts over after success', async () => {
    const waits: number[] = [];
    for (let failure = 0; failure < 6; failure++) {
      const before = clock.monotonic();
      queue.addRateLimited('a');
      while (queue.depth === 0) await clock.advance(500);
      waits.push((clock.monotonic() - before) / 1000);
      await queue.take();
      queue.done('a');
    }
    assert.deepEqual(waits, [1, 2, 4, 8, 8, 8]);
    assert.equal(queue.failures('a'), 6);
    queue.forget('a');
    assert.equal(queue.failures('a'), 0);
  });

  it('lets all keys together retry only so often', async () => {
    const fast = new WorkQueue({ clock, rateLimit: { baseSeconds: 0.001, retriesPerSecond: 10, burst: 3 } });
    for (let i = 0; i < 13; i++) fast.addRateLimited(`k${i}`);
    await clock.advance(10);
    assert.equal(fast.depth, 3);
    await clock.advance(500);
    assert.equal(fast.depth, 8);
  });

  it('sends everybody home when closed, and takes nothing more', async () => {
    const waiting = queue.take();
    queue.addAfter('b', 1);
    queue.close();
    queue.add('a');
    assert.equal(await waiting, undefined);
    assert.equal(await queue.take(), undefined);
    assert.equal(clock.pending, 0);
  });

  it('loses no key and doubles none, whatever workers do', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(5), fc.nat(2)), { maxLength: 100 }), async (steps) => {
        const subject = new WorkQueue({ clock });
        const busy = new Set<string>();
        const wanted = new Set<string>();
        for (const [number, action] of steps) {
          const key = `k${number}`;
          if (action === 0) {
            subject.add(key);
            wanted.add(key);
          } else if (action === 1 && subject.depth > 0) {
            const taken = (await subject.take()) ?? '';
            assert.ok(!busy.has(taken), `${taken} was given out twice`);
            busy.add(taken);
            wanted.delete(taken);
          } else if (busy.delete(key)) {
            subject.done(key);
          }
        }
        for (const key of busy) subject.done(key);
        assert.deepEqual(await drain(subject), wanted);
      }),
    );
  });
});

async function drain(queue: WorkQueue): Promise<Set<string | undefined>> {
  const keys = new Set<string | undefined>();
  while (queue.depth > 0) keys.add(await queue.take());
  return keys;
}

describe('DelayHeap', () => {
  it('gives keys back in the order of their earliest times', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(20), fc.nat(1000))), (adds) => {
        const heap = new DelayHeap();
        const earliest = new Map<string, number>();
        for (const [number, at] of adds) {
          heap.add(`k${number}`, at);
          earliest.set(`k${number}`, Math.min(at, earliest.get(`k${number}`) ?? at));
        }
        assert.equal(heap.size, earliest.size);
        const times: number[] = [];
        for (let key = heap.takeDue(1000); key !== undefined; key = heap.takeDue(1000))
          times.push(earliest.get(key) ?? -1);
        assert.deepEqual(
          times,
          [...earliest.values()].sort((a, b) => a - b),
        );
      }),
    );
  });
});
