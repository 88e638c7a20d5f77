import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { KeyedMutex } from './keyed-mutex.ts';

describe('KeyedMutex', () => {
  it('lets one through at a time for each key, in order, and forgets keys', async () => {
    const mutex = new KeyedMutex();
    const seen: string[] = [];
    const gate = Promise.withResolvers<void>();
    const work =
      (name: string, until: Promise<void> = Promise.resolve()) =>
      async () => {
        seen.push(`${name} begins`);
        await until;
        seen.push(`${name} ends`);
      };
    const all = [mutex.run('a', work('a1', gate.promise)), mutex.run('a', work('a2')), mutex.run('b', work('b'))];
    await all[2];
    assert.deepEqual(seen, ['a1 begins', 'b begins', 'b ends']);
    gate.resolve();
    await Promise.all(all);
    assert.deepEqual(seen.slice(3), ['a1 ends', 'a2 begins', 'a2 ends']);
    assert.equal(mutex.size, 0);
  });

  it('goes on after work that failed, and passes on what it gave', async () => {
    const mutex = new KeyedMutex();
    const failed = mutex.run('a', () => Promise.reject(new Error('no')));
    const next = mutex.run('a', () => Promise.resolve(7));
    await assert.rejects(failed, /no/);
    assert.equal(await next, 7);
  });
});
